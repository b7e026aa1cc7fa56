import { isTerminal } from '../matching/sim-order'
import { quantityOf, sidesIn, type Position, type PositionBook } from '../state/position-keeper'
import { refusal, success, validationFailure, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'
import { isAnswer, PRODUCTS, readOrderClient, readSegmentName, type OrderClient } from './order-fields'
import { ALGO_REFUSAL } from './place-order'
import type { Call } from './route'

const MODES = ['DayWise', 'NetWise'] as const
const QUANTITY_TYPES = ['Percentage', 'ExactQty'] as const

interface Wanted {
  readonly segment: string | undefined
  readonly token: number
  readonly productType: string
  readonly book: PositionBook
  readonly quantityType: (typeof QUANTITY_TYPES)[number]
  readonly amount: number
  readonly cancelsOrders: boolean
}

/** PUT /portfolio/squareoff: an ordinary market order that closes a position, or a part of it. */
export function squareOff(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.body, 'body')
  const wanted = readWanted(fields)
  const client = readOrderClient(call.session.account, fields)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  if (isAnswer(client)) return client
  if (call.session.account.isAlgoAccount) return ALGO_REFUSAL
  const position = broker.positions
    .ofClient(client.clientCode)
    .find((candidate) => isMeant(candidate, wanted) && quantityIn(candidate, wanted.book) !== 0)
  if (!position) return refusal(undefined, 'Position is not open.')
  const quantity = quantityToClose(position, wanted)
  if (typeof quantity === 'string') return refusal(undefined, quantity)
  if (wanted.cancelsOrders) cancelOrdersOf(broker, position)
  close(broker, call, position, { client, book: wanted.book, quantity })
  return success('s-portfolio-0007', 'Success position squareoff', squareOffResult(call, client, wanted))
}

/** PUT /portfolio/squareoffall: every open position of the client, each with an order of its own. */
export function squareOffAll(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.body, 'body')
  const book = fields.choice('squareoffMode', MODES)
  const client = readOrderClient(call.session.account, fields)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  if (isAnswer(client)) return client
  if (call.session.account.isAlgoAccount) return ALGO_REFUSAL
  for (const position of broker.positions.ofClient(client.clientCode)) {
    const quantity = Math.abs(quantityIn(position, book))
    if (quantity > 0) close(broker, call, position, { client, book, quantity })
  }
  return success('s-portfolio-0009', 'Success position squareoff all', '')
}

function readWanted(fields: FieldReader): Wanted {
  const segment = readSegmentName(fields)
  const token = fields.number('exchangeInstrumentID', { isWhole: true })
  const productType = fields.choice('productType', PRODUCTS)
  const book = fields.choice('squareoffMode', MODES)
  const quantityType = fields.choice('positionSquareOffQuantityType', QUANTITY_TYPES)
  const amount = fields.number('squareOffQtyValue')
  if (amount === 0) fields.refuse('squareOffQtyValue', 'must be larger than or equal to 1', 'number.min')
  if (quantityType === 'Percentage' && amount > 100)
    fields.refuse('squareOffQtyValue', 'must be less than or equal to 100', 'number.max')
  // What this switch holds back is not documented; orders are never held back here.
  fields.optionalFlag('blockOrderSending')
  const cancelsOrders = fields.optionalFlag('cancelOrders') ?? false
  return { segment, token, productType, book, quantityType, amount, cancelsOrders }
}

const quantityIn = (position: Position, book: PositionBook): number => quantityOf(sidesIn(position, book))

const isMeant = ({ instrument, productType }: Position, wanted: Wanted): boolean =>
  instrument.segment === wanted.segment &&
  instrument.token === wanted.token &&
  productType === wanted.productType

/** Units to close; a share of a position is rounded down to whole lots. A text says why there are none. */
function quantityToClose(position: Position, { book, quantityType, amount }: Wanted): number | string {
  const open = Math.abs(quantityIn(position, book))
  const { lotSize } = position.instrument
  if (quantityType === 'Percentage') {
    const share = Math.floor((open * amount) / 100 / lotSize) * lotSize
    return share > 0 ? share : 'Gateway:Supplied Percentage is less than one lot.'
  }
  if (amount > open) return 'Gateway:Supplied Quantity is more than the open position.'
  return amount % lotSize === 0 ? amount : 'Gateway:Supplied Quantity is not in multiple of LotSize.'
}

function cancelOrdersOf(broker: Broker, { clientCode, instrument, productType }: Position): void {
  for (const order of broker.ledger.ordersOf(clientCode)) {
    const isOfPosition =
      order.instrument.segment === instrument.segment &&
      order.instrument.token === instrument.token &&
      order.state.productType === productType
    if (isOfPosition && !isTerminal(order.state)) broker.exchange.cancel(order)
  }
}

interface Closing {
  readonly client: OrderClient
  readonly book: PositionBook
  readonly quantity: number
}

function close(
  broker: Broker,
  { session }: Call,
  position: Position,
  { client, book, quantity }: Closing,
): void {
  const { instrument, productType } = position
  broker.exchange.submitOwn({
    account: session.account,
    clientCode: client.clientCode,
    clientIdEcho: client.echo,
    instrument,
    side: quantityIn(position, book) > 0 ? 'SELL' : 'BUY',
    apiOrderSource: '',
    tag: '',
    terms: {
      orderType: 'Market',
      productType,
      timeInForce: 'DAY',
      quantity,
      disclosedQuantity: 0,
      price: 0,
      stopPrice: 0,
    },
  })
}

/** The spelling SqureOffmode is the broker's. */
function squareOffResult({ session }: Call, client: OrderClient, wanted: Wanted): object {
  return {
    UserID: session.account.userId,
    SqureOffmode: wanted.book,
    AccountID: client.echo,
    ExchangeSegment: wanted.segment,
    InstrumentID: wanted.token,
    RMSProduct: wanted.productType,
    PositionSquareOffQuantityType: wanted.quantityType,
    SquareOffQtyValue: wanted.amount,
    SquareOffPriceValue: 0,
    IsOperationSuccess: true,
  }
}
