import type { Account } from '../state/account'
import { page, refusal, validationFailure, type Answer } from '../wire/envelopes'
import { loginPage, returnPage } from '../wire/third-party-pages'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'
import { isAnswer } from './order-fields'
import type { OpenCall } from './route'

interface Visitor {
  readonly account: Account
  readonly appKey: string
  readonly returnURL: string
}

/** GET /thirdparty?appKey=…&returnURL=…: the page on which a person logs in for a program. */
export function showThirdPartyLogin(broker: Broker, call: OpenCall): Answer {
  const visitor = readVisitor(broker, new FieldReader(call.query, 'query'))
  return isAnswer(visitor) ? visitor : page(200, loginPage({ ...visitor, problem: undefined }))
}

/** POST /thirdparty, the page's own form. A right login is handed to the returnURL in the field `session`. */
export function logInThirdParty(broker: Broker, call: OpenCall): Answer {
  const fields = new FieldReader(call.body, 'body')
  const userID = fields.text('userID', { mayBeEmpty: true })
  const password = fields.text('password', { mayBeEmpty: true })
  const visitor = readVisitor(broker, fields)
  if (isAnswer(visitor)) return visitor
  const { account, returnURL } = visitor
  if (userID !== account.userId || password !== account.interactiveSecret) {
    return page(200, loginPage({ ...visitor, problem: 'Invalid user id or password.' }))
  }
  broker.log('a person logged in for a program', { userId: account.userId, returnURL })
  return page(200, returnPage(returnURL, encodeURIComponent(sessionText(broker, visitor))))
}

function readVisitor(broker: Broker, fields: FieldReader): Visitor | Answer {
  const appKey = fields.text('appKey')
  const returnURL = fields.text('returnURL')
  if (returnURL !== '' && !isWebAddress(returnURL))
    fields.refuse('returnURL', 'must be a valid uri', 'string.uri')
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  const account = broker.accounts.find(({ interactiveKey }) => interactiveKey === appKey)
  return account ? { account, appKey, returnURL } : refusal('e-user-0004', 'Invalid App Key')
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol)
}

/** What is handed over: something to log in with, once or twice encoded, or a session that is open already. */
function sessionText(broker: Broker, { account, appKey }: Visitor): string {
  const { thirdPartySession } = broker.choices
  if (thirdPartySession === 'token') {
    const keys = { appKey, secretKey: account.interactiveSecret }
    const session = broker.sessions.login('interactive', keys)
    return JSON.stringify({ token: session?.token, userID: account.userId })
  }
  const handed = JSON.stringify({ userID: account.userId, accessToken: broker.ids.bytes(24).toString('hex') })
  return thirdPartySession === 'access-token-twice' ? JSON.stringify(handed) : handed
}
