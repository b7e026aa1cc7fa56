import { gatewayRefusal } from '../matching/order-checks'
import { isTerminal, type OrderTerms, type SimOrder } from '../matching/sim-order'
import { refusal, success, validationFailure, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import { notOpen } from './change-order'
import { FieldReader } from './field-reader'
import { isAnswer, readEntryTerms, readOrderClient, readSide, readTag } from './order-fields'
import type { Call } from './route'
import { readInstrument, takePlacement, type Placement } from './take-placement'

/** POST /orders/bracket: an entry; its first fill brings a target and a stop loss at these distances. */
export function placeBracket(broker: Broker, call: Call): Answer {
  return takePlacement(broker, call, {
    read: (fields) => readBracket(broker, fields),
    acknowledge: (order, clientId) => bracketAnswer(order, clientId),
  })
}

function readBracket(broker: Broker, fields: FieldReader): Placement {
  const terms = readEntryTerms(fields, 'BO')
  // squarOff is the broker's spelling; one document has the other.
  const targetOffset = fields.has('squareOff') ? fields.number('squareOff') : fields.number('squarOff')
  const stopOffset = fields.number('stopLossPrice')
  const trailBy = fields.number('trailingStoploss')
  fields.optionalFlag('isProOrder')
  return {
    instrument: readInstrument(broker, fields),
    side: readSide(fields),
    terms,
    tag: readTag(fields),
    apiOrderSource: fields.optionalText('apiOrderSource') ?? '',
    link: { kind: 'bracket-entry', targetOffset, stopOffset, trailBy },
  }
}

interface BracketChange {
  readonly quantity: number
  readonly limitPrice: number
  /** Of the entry a distance, of the stop loss a price; rupees, 0 leaves it. */
  readonly stopLossPrice: number
}

/**
 * PUT /orders/bracket, for each leg what it has: the entry's quantity, price and stop distance, the target's price, the
 * stop loss's trigger. A leg's quantity is the entry's affair.
 */
export function modifyBracket(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.body, 'body')
  const appOrderId = fields.number('appOrderID', { isWhole: true })
  const change: BracketChange = {
    quantity: fields.number('orderQuantity', { isWhole: true }),
    limitPrice: fields.number('limitPrice'),
    stopLossPrice: fields.has('stopPrice') ? fields.number('stopPrice') : fields.number('stopLossPrice'),
  }
  fields.optionalText('orderUniqueIdentifier')
  fields.optionalText('apiOrderSource')
  const client = readOrderClient(call.session.account, fields)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  if (isAnswer(client)) return client
  const order = broker.ledger.find(appOrderId)
  if (order?.clientCode !== client.clientCode || !isOpenPart(broker, order)) return notOpen(appOrderId)
  const terms = changedTerms(order, change)
  const problem = gatewayRefusal(terms, order.instrument)
  if (problem !== undefined) return refusal(undefined, problem)
  if (order.link?.kind === 'bracket-entry' && change.stopLossPrice > 0)
    broker.exchange.links.setStopOffset(order, change.stopLossPrice)
  if (!isTerminal(order.state)) broker.exchange.modify(order, terms, undefined)
  return bracketAnswer(order, client.echo)
}

/** A leg that lives, or an entry any of whose legs does. */
function isOpenPart(broker: Broker, order: SimOrder): boolean {
  switch (order.link?.kind) {
    case 'bracket-entry':
      return broker.exchange.links.isAlive(order)
    case 'bracket-target':
    case 'bracket-stop':
      return !isTerminal(order.state)
    case 'cover-entry':
    case 'cover-exit':
    case undefined:
      return false
  }
}

function changedTerms({ link, state }: SimOrder, change: BracketChange): OrderTerms {
  const price = state.orderType === 'Limit' && change.limitPrice > 0 ? change.limitPrice : state.price
  switch (link?.kind) {
    case 'bracket-entry':
      return { ...state, price, quantity: change.quantity > 0 ? change.quantity : state.quantity }
    case 'bracket-stop':
      return { ...state, stopPrice: change.stopLossPrice > 0 ? change.stopLossPrice : state.stopPrice }
    case 'bracket-target':
      return { ...state, price }
    case 'cover-entry':
    case 'cover-exit':
    case undefined:
      return state
  }
}

/** DELETE /orders/bracket?boEntryOrderId=…: out of it, whatever stage it is in. */
export function cancelBracket(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.query, 'query')
  const entryOrderId = fields.number('boEntryOrderId', { isWhole: true })
  const client = readOrderClient(call.session.account, fields)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  if (isAnswer(client)) return client
  const entry = broker.ledger.find(entryOrderId)
  const isMeant = entry?.clientCode === client.clientCode && entry.link?.kind === 'bracket-entry'
  if (!entry || !isMeant || !isOpenPart(broker, entry)) return notOpen(entryOrderId)
  broker.exchange.links.exit(entry)
  const result = { AppOrderID: entryOrderId, ClientID: client.echo }
  return success('s-bracketorder-0014', 'Request sent', result)
}

function bracketAnswer(order: SimOrder, clientId: string): Answer {
  return success('s-bracketorders-0002', 'Request sent', {
    AppOrderID: order.appOrderId,
    OrderUniqueIdentifier: order.state.tag,
    ClientID: clientId,
  })
}
