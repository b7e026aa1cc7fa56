import type { Api, Session } from '../state/session-registry'
import { refusal, success, validationFailure, type Answer } from '../wire/envelopes'
import { loginResult } from '../wire/account-payloads'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'

const SOURCES = ['WEBAPI'] as const
/** The text was captured, the codes were not. */
const WRONG_KEYS = 'Entered invalid credentials'

/** POST /interactive/user/session. `source` may be left out after a host lookup (`uniqueKey`) or with an `accessToken`. */
export function logInInteractive(broker: Broker, body: unknown): Answer {
  const fields = new FieldReader(body, 'body')
  const keys = readKeys(fields)
  const uniqueKey = fields.optionalText('uniqueKey')
  const accessToken = fields.optionalText('accessToken')
  const isSourceOptional = uniqueKey !== undefined || accessToken !== undefined
  if (!isSourceOptional || hasField(body, 'source')) fields.choice('source', SOURCES, true)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  const session = open(broker, 'interactive', { ...keys, uniqueKey })
  if (!session) return refusal('e-user-0004', WRONG_KEYS)
  return success(
    's-user-0001',
    'Valid User.',
    loginResult(session.account, session.token, broker.universe.segments),
  )
}

/** POST {md}/auth/login. The code of success really begins with e-. */
export function logInMarket(broker: Broker, body: unknown): Answer {
  const fields = new FieldReader(body, 'body')
  const keys = readKeys(fields)
  fields.optionalText('source')
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  const session = open(broker, 'market', keys)
  if (!session) return refusal('e-login-0001', WRONG_KEYS)
  return success('e-response-0010', 'Provided Valid Credentials', {
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

function open(broker: Broker, api: Api, keys: Keys): Session | undefined {
  const session = broker.sessions.login(api, keys)
  if (session) broker.log('session opened', { api, userId: session.account.userId, sessionId: session.id })
  return session
}

const hasField = (body: unknown, name: string): boolean =>
  typeof body === 'object' && body !== null && Object.hasOwn(body, name)
