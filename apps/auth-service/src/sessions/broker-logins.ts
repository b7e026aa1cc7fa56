import { createHash } from 'node:crypto'
import type { BrokerApi, BrokerSession } from '@xts-bridge/contracts'
import type { HttpCaller } from '@xts-bridge/http'
import {
  loginInteractive,
  loginMarket,
  readHandedToken,
  thirdPartyLoginUrl,
  XtsAccount,
  XtsMarketLookup,
  type BrokerProfile,
  type CallbackSession,
  type CallOutcome,
  type XtsLogin,
} from '@xts-bridge/xts'
import type { AuthSettings } from '../settings'
import { isRateLimit } from './session-timing'
import { withoutSecrets } from './without-secrets'

/** What a person's login in the browser gave: something to log in with, or a session that is open already. */
export type HandedOver = Exclude<CallbackSession, { readonly kind: 'unreadable' }>

/** The login to one of the broker's APIs. */
export interface BrokerLogin {
  /** Names server and keys without giving them away: a token is only used again by the login it came from. */
  readonly id: string
  /** True where the broker lets in nobody without a login in the browser. */
  readonly isPersonNeeded: boolean
  /** What it answers never holds one of the keys, nor what was handed over. */
  logIn(handed?: HandedOver): Promise<CallOutcome<XtsLogin>>
  /** What the broker says of a token that it takes no more; undefined while it takes it, and when nobody can say. */
  refusalOf(session: BrokerSession): Promise<string | undefined>
}
export interface BrokerLogins extends Readonly<Record<BrokerApi, BrokerLogin>> {
  /** The broker's page for a person's login. */
  loginPageUrl(returnUrl: string): string
}

interface LoginKeys {
  readonly appKey: string
  readonly secretKey: string
}

/** The logins with the secrets of the settings. */
export function brokerLogins(
  settings: AuthSettings,
  http: Readonly<Record<BrokerApi, HttpCaller>>,
  profile: BrokerProfile,
): BrokerLogins {
  const interactive: LoginKeys = {
    appKey: settings.JAINAM_INTERACTIVE_API_KEY,
    secretKey: settings.JAINAM_INTERACTIVE_API_SECRET,
  }
  const market: LoginKeys = {
    appKey: settings.JAINAM_MARKET_API_KEY,
    secretKey: settings.JAINAM_MARKET_API_SECRET,
  }
  return {
    interactive: interactiveLogin(http.interactive, profile, interactive),
    market: marketLogin(http.market, profile, market),
    loginPageUrl: (returnUrl) => thirdPartyLoginUrl(profile, { appKey: interactive.appKey, returnUrl }),
  }
}

function interactiveLogin(http: HttpCaller, profile: BrokerProfile, keys: LoginKeys): BrokerLogin {
  const refusalOf = async (session: BrokerSession): Promise<string | undefined> =>
    refusalIn(await new XtsAccount({ http, profile, token: () => session }).balance())
  return {
    id: loginId(profile, keys),
    isPersonNeeded: profile.loginFlow === 'access-token',
    refusalOf,
    logIn: async (handed) => {
      if (handed?.kind === 'token') return openedLogin(handed, refusalOf)
      if (handed === undefined) return cleaned(await loginInteractive({ http, profile, ...keys }), [keys])
      const { accessToken } = handed
      const flow: BrokerProfile = { ...profile, loginFlow: 'access-token' }
      const outcome = await loginInteractive({ http, profile: flow, ...keys, accessToken })
      return cleaned(outcome, [keys, { accessToken }])
    },
  }
}

function marketLogin(http: HttpCaller, profile: BrokerProfile, keys: LoginKeys): BrokerLogin {
  return {
    id: loginId(profile, keys),
    isPersonNeeded: false,
    refusalOf: async (session) =>
      refusalIn(await new XtsMarketLookup({ http, profile, token: () => session }).clientConfig()),
    logIn: async () => cleaned(await loginMarket({ http, profile, ...keys }), [keys]),
  }
}

/** A session from a browser is taken when its token is of its user and the broker does not refuse it. */
async function openedLogin(
  handed: Extract<HandedOver, { kind: 'token' }>,
  refusalOf: BrokerLogin['refusalOf'],
): Promise<CallOutcome<XtsLogin>> {
  const outcome = readHandedToken(handed)
  if (outcome.kind !== 'ok') return cleaned(outcome, [{ token: handed.token }])
  const refusal = await refusalOf({ ...outcome.value, account: '', api: 'interactive', epoch: 0 })
  if (refusal === undefined) return outcome
  const refused = { brokerCode: '', brokerDescription: refusal, isSessionInvalid: false }
  return cleaned({ kind: 'rejected', ...refused }, [{ token: handed.token }])
}

/** A rate limit, a timeout and the like say nothing of the token. */
function refusalIn(outcome: CallOutcome<unknown>): string | undefined {
  return outcome.kind === 'rejected' && outcome.isSessionInvalid && !isRateLimit(outcome.brokerDescription)
    ? outcome.brokerDescription
    : undefined
}

function loginId({ baseUrl }: BrokerProfile, { appKey }: LoginKeys): string {
  return createHash('sha256').update(`${baseUrl}\n${appKey}`).digest('hex')
}

/** A refusal may quote what was sent. */
function cleaned(outcome: CallOutcome<XtsLogin>, sent: readonly object[]): CallOutcome<XtsLogin> {
  const secrets = sent.flatMap((fields) => Object.values(fields) as readonly string[])
  const clean = (text: string): string => withoutSecrets(text, secrets)
  switch (outcome.kind) {
    case 'ok':
      return outcome
    case 'rejected':
      return { ...outcome, brokerDescription: clean(outcome.brokerDescription) }
    case 'not-sent':
    case 'unknown':
      return { ...outcome, reason: clean(outcome.reason) }
  }
}
