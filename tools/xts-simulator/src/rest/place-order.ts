import { gatewayRefusal } from '../matching/order-checks'
import type { OrderSide, OrderTerms, SimOrder } from '../matching/sim-order'
import type { Receipt } from '../state/order-ledger'
import type { ListedInstrument } from '../universe/listed-instrument'
import { refusal, success, validationFailure, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'
import { isAnswer, readOrderClient, readSegmentName, readSide, readTag, readTerms } from './order-fields'
import type { Call } from './route'

/** POST /orders. Success means received: what the risk system and the exchange think follows by events. */
export function placeOrder(broker: Broker, call: Call): Answer {
  const taken = takeOrder(broker, call)
  const order = isAnswer(taken) ? undefined : taken.order
  const answer = isAnswer(taken) ? taken : taken.answer
  const receipt: Receipt = {
    tag: tagAsSent(call.body),
    receivedAtMs: broker.clock.nowMs(),
    userId: call.session.account.userId,
    order,
    refusal: answer.why,
  }
  broker.ledger.addReceipt(receipt)
  broker.record.received(receipt)
  return answer
}

function takeOrder(broker: Broker, call: Call): { order: SimOrder; answer: Answer } | Answer {
  const { account } = call.session
  const fields = new FieldReader(call.body, 'body')
  const wanted = readPlacement(broker, fields)
  const client = readOrderClient(account, fields)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  if (isAnswer(client)) return client
  warnAboutUnknown(broker, fields)
  const { instrument, terms, tag } = wanted
  if (!instrument) return refusal('e-instrument-0001', 'Instrument not found')
  if (account.isAlgoAccount && isPriceless(terms)) return ALGO_REFUSAL
  const problem = gatewayRefusal(terms, instrument)
  if (problem !== undefined) return refusal(undefined, problem)
  const owner = { account, clientCode: client.clientCode, clientIdEcho: client.echo }
  const order = broker.exchange.submit({ ...wanted, ...owner, instrument })
  return { order, answer: acknowledgement(order.appOrderId, tag, client.echo) }
}

interface Placement {
  readonly instrument: ListedInstrument | undefined
  readonly side: OrderSide
  readonly terms: OrderTerms
  readonly tag: string
  readonly apiOrderSource: string
}

function readPlacement(broker: Broker, fields: FieldReader): Placement {
  const segment = readSegmentName(fields)
  const token = fields.number('exchangeInstrumentID', { isWhole: true })
  return {
    instrument: segment && broker.universe.find(segment, token),
    side: readSide(fields),
    terms: readTerms(fields, 'place'),
    tag: readTag(fields),
    apiOrderSource: fields.optionalText('apiOrderSource') ?? '',
  }
}

const isPriceless = (terms: OrderTerms): boolean =>
  terms.orderType === 'Market' || terms.orderType === 'StopMarket' || terms.price === 0

export const ALGO_REFUSAL = refusal(
  'e-orders-0002',
  'Market order Or Price 0 is not allowed for ALGO enabled orders',
)

export function acknowledgement(appOrderId: number, tag: string, clientId: string): Answer {
  return success('s-orders-0001', 'Request sent', {
    AppOrderID: appOrderId,
    OrderUniqueIdentifier: tag,
    ClientID: clientId,
  })
}

export function warnAboutUnknown(broker: Broker, fields: FieldReader): void {
  const unknown = fields.unknownFields()
  if (unknown.length > 0) broker.log('a client sent fields this broker does not know', { fields: unknown })
}

function tagAsSent(body: unknown): string {
  const tag = (body as { orderUniqueIdentifier?: unknown } | undefined)?.orderUniqueIdentifier
  return typeof tag === 'string' ? tag : ''
}
