import { gatewayRefusal } from '../matching/order-checks'
import type { OrderSide, OrderTerms } from '../matching/sim-order'
import type { ListedInstrument } from '../universe/listed-instrument'
import { refusal, success, validationFailure, type Answer } from '../wire/envelopes'
import type { Broker, Call } from './broker'
import { FieldReader } from './field-reader'
import { isAnswer, readOrderClient, readSegmentName, readSide, readTag, readTerms } from './order-fields'

/** POST /orders. Success means received: what the risk system and the exchange think follows by events. */
export function placeOrder(broker: Broker, call: Call): Answer {
  const answer = takeOrder(broker, call)
  if (answer.refusal) recordRefusal(broker, call, answer.refusal)
  return answer.answer
}

interface Taken {
  readonly answer: Answer
  readonly refusal?: string
}

function takeOrder(broker: Broker, call: Call): Taken {
  const { account } = call.session
  const fields = new FieldReader(call.body, 'body')
  const wanted = readPlacement(broker, fields)
  const client = readOrderClient(account, fields)
  if (fields.errors.length > 0) return refused(validationFailure(fields.errors), 'fields are wrong')
  if (isAnswer(client)) return refused(client, 'the client is not mapped')
  warnAboutUnknown(broker, fields)
  const { instrument, terms, tag } = wanted
  if (!instrument) return refused(refusal('e-instrument-0001', 'Instrument not found'), 'unknown instrument')
  if (account.isAlgoAccount && isPriceless(terms))
    return refused(ALGO_REFUSAL, 'market order on an algo account')
  const problem = gatewayRefusal(terms, instrument)
  if (problem !== undefined) return refused(refusal(undefined, problem), problem)
  const owner = { account, clientCode: client.clientCode, clientIdEcho: client.echo }
  const order = broker.exchange.submit({ ...wanted, ...owner, instrument })
  addReceipt(broker, call, { order })
  return { answer: acknowledgement(order.appOrderId, tag, client.echo) }
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

const ALGO_REFUSAL = refusal(
  'e-orders-0002',
  'Market order Or Price 0 is not allowed for ALGO enabled orders',
)

const refused = (answer: Answer, why: string): Taken => ({ answer, refusal: why })

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

function recordRefusal(broker: Broker, call: Call, why: string): void {
  broker.log('order refused with its answer', { why, userId: call.session.account.userId })
  addReceipt(broker, call, { refusal: why })
}

function addReceipt(
  broker: Broker,
  call: Call,
  outcome: { order?: ReturnType<Broker['exchange']['submit']>; refusal?: string },
): void {
  const request = (typeof call.body === 'object' && call.body !== null ? call.body : {}) as Record<
    string,
    unknown
  >
  const tag = request['orderUniqueIdentifier']
  broker.ledger.addReceipt({
    tag: typeof tag === 'string' ? tag : '',
    receivedAtMs: Date.now(),
    userId: call.session.account.userId,
    request,
    ...outcome,
  })
}
