import type { HttpCaller } from '@xts-bridge/http'
import { outcomeOfRead } from './call-outcome'
import { isRecord, parseJson, requiredText, type XtsRecord } from './fields'
import type { BrokerProfile, CallOutcome } from './model'
import { lookUpHost } from './host-lookup'
import { Unreadable } from './unreadable'

/** What a login gave. `expiresAtMs` is the token's own `exp`; brokers may end a session earlier. */
export interface XtsLogin {
  readonly token: string
  readonly userId: string
  readonly clientCodes: readonly string[]
  readonly isInvestorClient: boolean
  readonly expiresAtMs: number
  /** Where the calls of this token go when a host lookup chose a node: `/7interactive`. */
  readonly interactivePrefix?: string | undefined
}

export interface LoginOptions {
  readonly http: HttpCaller
  readonly profile: BrokerProfile
  readonly appKey: string
  readonly secretKey: string
}

/**
 * Logs in to the interactive API the way the profile says. A login ends the earlier session of the same key, so it is never
 * tried twice here. `accessToken` is what a browser login handed over; the flow `access-token` is not sent without it.
 */
export async function loginInteractive(
  options: LoginOptions & { readonly accessToken?: string | undefined },
): Promise<CallOutcome<XtsLogin>> {
  const { profile, accessToken } = options
  const fields = {
    ...profile.interactiveLoginFields,
    ...(accessToken === undefined ? {} : { accessToken }),
  }
  switch (profile.loginFlow) {
    case 'direct':
      return login(options, `${profile.interactivePrefix}/user/session`, fields)
    case 'access-token':
      if (accessToken === undefined) return ACCESS_TOKEN_MISSING
      return login(options, `${profile.interactivePrefix}/user/session`, fields)
    case 'host-lookup':
      return loginAtNode(options, fields)
  }
}

const ACCESS_TOKEN_MISSING: CallOutcome<never> = {
  kind: 'not-sent',
  reason: 'this broker logs in through its own page; open the broker login page and log in there',
  isSessionMissing: false,
}

/** Asks which node to use, and logs in there. The token is good for that node's routes. */
async function loginAtNode(
  options: LoginOptions,
  fields: Readonly<Record<string, string>>,
): Promise<CallOutcome<XtsLogin>> {
  const { http, profile } = options
  const found = await lookUpHost({ http, profile })
  if (found.kind !== 'ok') return found
  const { uniqueKey, loginPrefix, interactivePrefix } = found.value
  const outcome = await login(options, `${loginPrefix}/user/session`, { ...fields, uniqueKey })
  if (outcome.kind !== 'ok' || profile.hostLookup.prefix === 'plain') return outcome
  return { kind: 'ok', value: { ...outcome.value, interactivePrefix } }
}

/** Logs in to the market-data API, which has a key pair and a session of its own. */
export function loginMarket(options: LoginOptions): Promise<CallOutcome<XtsLogin>> {
  return login(options, `${options.profile.marketPrefix}/auth/login`, { source: 'WebAPI' })
}

async function login(
  { http, appKey, secretKey }: LoginOptions,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<CallOutcome<XtsLogin>> {
  const outcome = await http.call({
    family: 'read',
    retry: 'never',
    method: 'POST',
    path,
    body: { appKey, secretKey, ...fields },
  })
  return withoutMismatch(outcomeOfRead(outcome, { read: readLogin }))
}

/** A session that a browser login handed over ready-made, under the same checks as the answer of a login. */
export function readHandedToken(handed: {
  readonly token: string
  readonly userId: string
}): CallOutcome<XtsLogin> {
  try {
    return withoutMismatch({ kind: 'ok', value: readLogin({ token: handed.token, userID: handed.userId }) })
  } catch (error) {
    if (error instanceof Unreadable) return refused(error.message)
    throw error
  }
}

/** Where a person logs in for this program; the broker then sends them on to `returnUrl`. */
export function thirdPartyLoginUrl(
  { baseUrl, interactivePrefix }: Pick<BrokerProfile, 'baseUrl' | 'interactivePrefix'>,
  { appKey, returnUrl }: { readonly appKey: string; readonly returnUrl: string },
): string {
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}${interactivePrefix}/thirdparty`)
  url.search = new URLSearchParams({ appKey, returnURL: returnUrl }).toString()
  return url.href
}

/** A session of somebody else, or one that never lived, is not used: what it is used for would be theirs. */
function withoutMismatch(outcome: CallOutcome<XtsLogin>): CallOutcome<XtsLogin> {
  if (outcome.kind !== 'ok') return outcome
  const { token, userId } = outcome.value
  const { userID: owner, iat, exp } = readClaims(token)
  if (typeof owner === 'string' && !isSameLogin(owner, userId))
    return refused(`the token is of user "${userOf(owner)}", but the login was answered for user "${userId}"`)
  if (typeof iat === 'number' && typeof exp === 'number' && exp <= iat)
    return refused('the token of the login ends before it begins')
  return outcome
}

function refused(problem: string): CallOutcome<never> {
  return { kind: 'rejected', brokerCode: '', brokerDescription: problem, isSessionInvalid: false }
}

function readLogin(result: unknown): XtsLogin {
  if (!isRecord(result)) throw new Unreadable('the login answer has no result')
  const token = requiredText(result, 'token')
  const userId = requiredText(result, 'userID')
  const claims = readClaims(token)
  const expiresAtSeconds = claims['exp']
  if (typeof expiresAtSeconds !== 'number' || !Number.isFinite(expiresAtSeconds) || expiresAtSeconds <= 0)
    throw new Unreadable('the login answer holds a token without an expiry')
  return {
    token,
    userId,
    clientCodes: readClientCodes(result),
    isInvestorClient: result['isInvestorClient'] === true,
    expiresAtMs: expiresAtSeconds * 1_000,
  }
}

const DEALER_SUFFIX = /^([A-Z]\d{1,3})?$/

/** The claim is `<user>_<app key>` or `<user>_INTERACTIVE`; a dealer's user id is the client code with a suffix as `A02`. */
function isSameLogin(owner: string, userId: string): boolean {
  const ownerUser = userOf(owner).toUpperCase()
  const user = userId.toUpperCase()
  const [shorter, longer] = ownerUser.length < user.length ? [ownerUser, user] : [user, ownerUser]
  return shorter !== '' && longer.startsWith(shorter) && DEALER_SUFFIX.test(longer.slice(shorter.length))
}

/** Without what stands behind it, which may be the app key. */
function userOf(owner: string): string {
  return owner.split('_')[0] ?? ''
}

function readClientCodes(result: XtsRecord): readonly string[] {
  const codes = result['clientCodes']
  if (codes === undefined || codes === null) return []
  if (!Array.isArray(codes) || !codes.every((code) => typeof code === 'string'))
    throw new Unreadable('clientCodes is not a list of texts')
  return codes
}

/** The claims of a JSON web token. Its signature is the broker's business: the broker checks it, we only read `exp`. */
function readClaims(token: string): XtsRecord {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')
  const claims = parseJson(payload)
  if (!isRecord(claims)) throw new Unreadable('the login answer holds a token that is no JSON web token')
  return claims
}
