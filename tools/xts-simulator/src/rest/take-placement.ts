import type { OrderLink } from '../matching/order-link'
import { gatewayRefusal } from '../matching/order-checks'
import type { OrderSide, OrderTerms, SimOrder } from '../matching/sim-order'
import type { Receipt } from '../state/order-ledger'
import type { ListedInstrument } from '../universe/listed-instrument'
import { refusal, validationFailure, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'
import { isAnswer, readOrderClient, readSegmentName } from './order-fields'
import type { Call } from './route'

/** What a placement of any kind asks for. */
export interface Placement {
  readonly instrument: ListedInstrument | undefined
  readonly side: OrderSide
  readonly terms: OrderTerms
  readonly tag: string
  readonly apiOrderSource: string
  readonly link?: OrderLink | undefined
}

/** How one kind of placement differs from the others. */
export interface PlacementKind {
  read(fields: FieldReader): Placement
  acknowledge(order: SimOrder, clientId: string): Answer
}

/** Takes an order or refuses it with the answer, and keeps the receipt of it either way. */
export function takePlacement(broker: Broker, call: Call, kind: PlacementKind): Answer {
  const taken = submit(broker, call, kind)
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

function submit(
  broker: Broker,
  call: Call,
  kind: PlacementKind,
): { readonly order: SimOrder; readonly answer: Answer } | Answer {
  const { account } = call.session
  const fields = new FieldReader(call.body, 'body')
  const wanted = kind.read(fields)
  const client = readOrderClient(account, fields)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  if (isAnswer(client)) return client
  const { instrument, terms } = wanted
  if (!instrument) return refusal('e-instrument-0001', 'Instrument not found')
  if (account.isAlgoAccount && isPriceless(terms)) return ALGO_REFUSAL
  const problem = gatewayRefusal(terms, instrument)
  if (problem !== undefined) return refusal(undefined, problem)
  const owner = { account, clientCode: client.clientCode, clientIdEcho: client.echo }
  const order = broker.exchange.submit({ ...wanted, ...owner, instrument })
  return { order, answer: kind.acknowledge(order, client.echo) }
}

export function readInstrument(broker: Broker, fields: FieldReader): ListedInstrument | undefined {
  const segment = readSegmentName(fields)
  const token = fields.number('exchangeInstrumentID', { isWhole: true })
  return segment && broker.universe.find(segment, token)
}

const isPriceless = (terms: OrderTerms): boolean =>
  terms.orderType === 'Market' || terms.orderType === 'StopMarket' || terms.price === 0

export const ALGO_REFUSAL = refusal(
  'e-orders-0002',
  'Market order Or Price 0 is not allowed for ALGO enabled orders',
)

function tagAsSent(body: unknown): string {
  const tag = (body as { orderUniqueIdentifier?: unknown } | undefined)?.orderUniqueIdentifier
  return typeof tag === 'string' ? tag : ''
}
