import type { Account } from '../state/account'
import type { Api, Session } from '../state/session-registry'
import { bareRefusal, refusal, success, validationFailure, type Answer } from '../wire/envelopes'
import { loginResult } from '../wire/account-payloads'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'

const SOURCES = ['WEBAPI'] as const
/** The text was captured, the codes were not. */
const WRONG_KEYS = 'Entered invalid credentials'
/** Of this text only "trusted IP" was captured. */
const UNTRUSTED_IP = 'Request is not from a trusted IP'
/** The keys of the interactive application were sent to market data. */
const WRONG_APPLICATION = 'This application is only enabled for CTCL'

/** POST /interactive/user/session. `source` may be left out after a host lookup (`uniqueKey`) or with an `accessToken`. */
export function logInInteractive(broker: Broker, body: unknown): Answer {
  const fields = new FieldReader(body, 'body')
  const keys = readKeys(fields)
  const uniqueKey = fields.optionalText('uniqueKey')
  const accessToken = fields.optionalText('accessToken')
  const isSourceOptional = uniqueKey !== undefined || accessToken !== undefined
  if (!isSourceOptional || hasField(body, 'source')) fields.choice('source', SOURCES, true)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  const tooSoon = throttled(broker, 'interactive', keys.appKey)
  if (tooSoon) return tooSoon
  if (!broker.choices.isTrustedIp) return refusal('e-user-0013', UNTRUSTED_IP)
  const session = open(broker, 'interactive', { ...keys, uniqueKey })
  if (!session) return refusal('e-user-0004', WRONG_KEYS)
  const answer = success(
    's-user-0001',
    'Valid User.',
    loginResult(session.account, session.token, broker.universe.segments),
  )
  return broker.choices.loginReply === 'array' ? { ...answer, body: [answer.body] } : answer
}

/** POST {md}/auth/login. The code of success really begins with e-. */
export function logInMarket(broker: Broker, body: unknown): Answer {
  const fields = new FieldReader(body, 'body')
  const keys = readKeys(fields)
  fields.optionalText('source')
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  const tooSoon = throttled(broker, 'market', keys.appKey)
  if (tooSoon) return tooSoon
  if (broker.sessions.ownerOf('interactive', keys)) return bareRefusal('e-response-0012', WRONG_APPLICATION)
  const session = open(broker, 'market', keys)
  if (!session) return refusal('e-login-0001', WRONG_KEYS)
  return success(broker.marketChoices.marketLoginCode, 'Provided Valid Credentials', {
    token: session.token,
    userID: session.account.userId,
    appVersion: '5.0.15',
    application_expiry_date: '30-12-2028',
  })
}

export function logOut(broker: Broker, session: Session): Answer {
  broker.sessions.logout(session)
  return session.api === 'interactive'
    ? success('s-user-0001', 'successfully logout from all API.', '')
    : success('s-login-0005', 'successfully logout.', '')
}

interface Keys {
  readonly appKey: string
  readonly secretKey: string
  readonly uniqueKey?: string | undefined
}

const readKeys = (fields: FieldReader): Keys => ({
  appKey: fields.text('appKey'),
  secretKey: fields.text('secretKey'),
})

/** Only keys that exist are counted. */
function throttled({ accounts, limiter }: Broker, api: Api, appKey: string): Answer | undefined {
  const owner = accounts.find((account) => appKey === keyOf(account, api))
  return owner && limiter.loginRefusalOf(`${api} ${appKey}`, owner.userId)
}

const keyOf = (account: Account, api: Api): string =>
  api === 'interactive' ? account.interactiveKey : account.marketKey

function open(broker: Broker, api: Api, keys: Keys): Session | undefined {
  const session = broker.sessions.login(api, keys)
  if (session) broker.log('session opened', { api, userId: session.account.userId, sessionId: session.id })
  return session
}

const hasField = (body: unknown, name: string): boolean =>
  typeof body === 'object' && body !== null && Object.hasOwn(body, name)
