import { gatewayRefusal } from '../matching/order-checks'
import { isTerminal, type SimOrder } from '../matching/sim-order'
import type { Account } from '../state/account'
import { refusal, success, validationFailure, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'
import { isAnswer, readOrderClient, readSegmentName, readTag, readTerms } from './order-fields'
import { acknowledgement } from './place-order'
import type { Call } from './route'

/** PUT /orders: new terms for a live order; the quantity is the order's whole, not its remainder. */
export function modifyOrder(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.body, 'body')
  const appOrderId = fields.number('appOrderID', { isWhole: true })
  const asked = readTerms(fields, 'modify')
  const tag = readTag(fields)
  fields.optionalText('apiOrderSource')
  fields.optionalText('modifiedOrderExpiryDate')
  const client = readOrderClient(call.session.account, fields)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  if (isAnswer(client)) return client
  const order = findLive(broker, appOrderId, client.clientCode)
  if (!order) return notOpen(appOrderId)
  // A leg stays what it is: a cover or bracket order has no other product.
  const terms = order.link ? { ...asked, productType: order.state.productType } : asked
  const problem = gatewayRefusal(terms, order.instrument)
  if (problem !== undefined) return refusal(undefined, problem)
  broker.exchange.modify(order, terms, tag === '' ? undefined : tag)
  return acknowledgement(appOrderId, tag === '' ? order.state.tag : tag, client.echo)
}

/** DELETE /orders?appOrderID=… */
export function cancelOrder(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.query, 'query')
  const appOrderId = fields.number('appOrderID', { isWhole: true })
  fields.optionalText('orderUniqueIdentifier')
  const client = readOrderClient(call.session.account, fields)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  if (isAnswer(client)) return client
  const order = findLive(broker, appOrderId, client.clientCode)
  if (!order) return notOpen(appOrderId)
  broker.exchange.cancel(order)
  const answer = acknowledgement(appOrderId, order.state.tag, client.echo)
  if (broker.choices.cancelResult === 'object') return answer
  return success('s-orders-0001', 'Request sent', [{ AppOrderID: appOrderId, ClientID: client.echo }])
}

/** POST /orders/cancelall: instrument 0 means the whole segment. */
export function cancelAll(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.body, 'body')
  const segment = readSegmentName(fields)
  const token = fields.number('exchangeInstrumentID', { isWhole: true })
  const clients = clientsMeant(call.session.account, fields)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  if (isAnswer(clients)) return clients
  for (const order of clients.flatMap((clientCode) => broker.ledger.ordersOf(clientCode))) {
    const isMeant = order.instrument.segment === segment && (token === 0 || order.instrument.token === token)
    if (isMeant && !isTerminal(order.state)) broker.exchange.cancel(order)
  }
  return success('s-cancelall-0001', 'Cancel All Order Request Send Successfully', '')
}

/** The broker's own Python client sends a dealer's login id here: that means all of its clients. */
function clientsMeant(account: Account, fields: FieldReader): readonly string[] | Answer {
  const isAll = account.kind === 'dealer' && fields.optionalText('clientID') === account.userId
  if (isAll) return account.clientCodes
  const client = readOrderClient(account, fields)
  return isAnswer(client) ? client : [client.clientCode]
}

function findLive(broker: Broker, appOrderId: number, clientCode: string): SimOrder | undefined {
  const order = broker.ledger.find(appOrderId)
  return order?.clientCode === clientCode && !isTerminal(order.state) ? order : undefined
}

/** Such an answer was seen without a code. */
export const notOpen = (appOrderId: number): Answer =>
  refusal(undefined, `Order ${appOrderId} is not found in OpenOrder List`)
