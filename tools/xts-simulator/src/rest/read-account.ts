import { cashOf, clientOfBook, limitsOf } from '../state/account'
import { marginUsed } from '../state/margin'
import { balanceResult, enumLists, profileResult } from '../wire/account-payloads'
import { NOT_MAPPED, refusal, success, validationFailure, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'
import type { Call } from './route'

/** GET /user/balance: the limits of a login or of a client. */
export function readBalance(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.query, 'query')
  const clientID = fields.optionalText('clientID')
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  const { account } = call.session
  const limits = limitsOf(account, clientID, broker.choices.dealerBalance)
  if (limits.kind === 'none') return refusal('e-user-0001', 'No RMS Limit assign to user')
  const used = marginUsed(broker.positions.ofClient(limits.clientCode))
  const { accountId } = limits
  return success(
    's-user-0002',
    'OK',
    balanceResult({ accountId, cash: cashOf(account, limits.clientCode), used }, broker.choices),
  )
}

/** GET /user/profile: of the login's own client; a dealer has none and must name one of its clients. */
export function readProfile(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.query, 'query')
  const clientID = fields.optionalText('clientID')
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  const { account } = call.session
  const choice = clientOfBook(account, clientID)
  const isDealersOwn = account.kind === 'dealer' && (clientID === undefined || clientID === account.userId)
  if (isDealersOwn) return refusal(undefined, 'No Data Available')
  if (choice.kind !== 'client') return refusal('e-user-0001', NOT_MAPPED)
  return success(
    's-user-0001',
    'User profile',
    profileResult(account, choice.clientCode, broker.universe.segments),
  )
}

/** GET /user/enums: the lists of the login once more. */
export function readEnums({ universe }: Broker): Answer {
  return success('s-enums-0001', 'OK', enumLists(universe.segments))
}
