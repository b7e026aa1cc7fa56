import type { OrderState, Product } from '@xts-bridge/contracts'
import type {
  BookRead,
  BrokerModification,
  BrokerOrder,
  BrokerOrderInstruction,
  BrokerPosition,
  BrokerTrade,
  CallOutcome,
  PositionPart,
  OrderRef,
} from '@xts-bridge/xts'
import type { BrokerPort } from '../ports'

/** What happens to the next order that is placed. */
export type PlaceFate =
  | 'accept'
  | 'reply lost'
  | 'never arrives'
  | 'reject'
  | 'refuse session'
  | 'not sent'
  | 'no session'
  | 'event before reply'
  | 'hang'

/** What happens to the next modification or cancellation. */
export type ChangeFate =
  | 'take'
  | 'take, reply lost'
  | 'never arrives'
  | 'refuse'
  | 'refuse session'
  | 'not sent'
  /** The event comes before the reply. */
  | 'event before reply'
  /** Taken in, and nothing more until `finishChanges`. */
  | 'take late'
  /** The same, and the reply is lost. */
  | 'take late, reply lost'
  /** Taken in; the exchange refuses, and the order is as before with a reason. */
  | 'refuse later'
  /** Taken in, and nothing ever comes of it. */
  | 'take, no effect'

const WORKING: readonly OrderState[] = ['open', 'accepted', 'partially-filled']
const OWN_CODE = 'ABC1234'
/** What moves a position: a trade, or a conversion's half. */
type Move = Pick<BrokerTrade, 'segment' | 'token' | 'clientID' | 'product' | 'side' | 'quantity' | 'price'>

/** A named client's rows alone; without a name those of every client of the login. */
function isOf(clientID: string | undefined): (row: { readonly clientID: string }) => boolean {
  return (row) => clientID === undefined || row.clientID === clientID
}

const LOST: CallOutcome<never> = { kind: 'unknown', reason: 'the connection was reset' }

/** A broker in memory: it takes orders, fills them when told, and answers its books, truly or with faults. */
export class ModelledBroker implements BrokerPort {
  readonly placed: BrokerOrderInstruction[] = []
  readonly cancelled: string[] = []
  readonly modified: { readonly order: OrderRef; readonly terms: BrokerModification }[] = []
  readonly orderRows = new Map<string, BrokerOrder>()
  readonly tradeRows: BrokerTrade[] = []
  readonly reads: string[] = []
  /** The clientID each read named. */
  readonly readFor: (string | undefined)[] = []
  /** What positions look like in the broker's own words. */
  nativeRows: Readonly<Record<string, unknown>>[] = []
  private readonly moves: Move[] = []
  /** Fates of the next orders, first come first; `accept` when there are none. */
  fates: PlaceFate[] = []
  /** The same for modifications and cancellations; `take` when there are none. */
  changeFates: ChangeFate[] = []
  private readonly unfinished: (() => void)[] = []
  /** Orders fill at once, at this price. */
  fillsAtPrice: number | undefined
  carriedForward: BrokerPosition[] = []
  isBookUnreadable = false
  /** Answers "Data Not Available" although there are rows. */
  isBookEmptied = false
  isCancelIgnored = false
  /** The position book answers as it did when this was set. */
  frozenPositions: readonly BrokerPosition[] | undefined
  /** Where events go: the order socket. */
  onOrder: ((row: BrokerOrder) => void) | undefined
  onTrade: ((row: BrokerTrade) => void) | undefined
  private lastNumber = 1_110_000_000

  place: BrokerPort['place'] = async (instruction, how) => {
    const fate = this.fates.shift() ?? 'accept'
    const unsent = reasonNotSent(fate, how?.beforeSend)
    if (unsent !== undefined)
      return { kind: 'not-sent', reason: unsent, isSessionMissing: fate === 'no session' }
    this.placed.push(instruction)
    if (fate === 'never arrives') return LOST
    if (fate === 'reject') return rejected('e-orders-0002', 'Market order Or Price 0 is not allowed', false)
    if (fate === 'refuse session') return rejected('e-session-0007', 'Invalid Token', true)
    return this.answer(this.take(instruction), fate)
  }

  cancel: BrokerPort['cancel'] = async ({ brokerOrderId }, how) => {
    const fate = this.isCancelIgnored ? 'take, no effect' : (this.changeFates.shift() ?? 'take')
    return this.change(brokerOrderId, fate, {
      beforeSend: how?.beforeSend,
      onSent: () => this.cancelled.push(brokerOrderId),
      carryOut: () => this.setState(brokerOrderId, 'cancelled', 'cancelled by user'),
      answer: undefined,
    })
  }

  modify: BrokerPort['modify'] = async (order, terms, how) => {
    const { brokerOrderId } = order
    const { quantity, price, triggerPrice, priceType, validity } = terms
    return this.change(brokerOrderId, this.changeFates.shift() ?? 'take', {
      beforeSend: how?.beforeSend,
      onSent: () => this.modified.push({ order, terms }),
      carryOut: () =>
        this.amend(brokerOrderId, { quantity, price, triggerPrice, priceType, validity, isChanging: false }),
      answer: { brokerOrderId },
    })
  }

  previewPlace: BrokerPort['previewPlace'] = (instruction) => ({
    method: 'POST',
    path: '/orders',
    body: instruction,
  })
  previewModify: BrokerPort['previewModify'] = (order, terms) => ({
    method: 'PUT',
    path: '/orders',
    body: { ...order, ...terms },
  })
  previewCancel: BrokerPort['previewCancel'] = ({ brokerOrderId }) => ({
    method: 'DELETE',
    path: '/orders',
    query: { appOrderID: brokerOrderId },
  })

  /** What was taken in and left lying happens now. */
  finishChanges(): void {
    for (const carryOut of this.unfinished.splice(0)) carryOut()
  }

  orders: BrokerPort['orders'] = async (clientID) =>
    this.book('orders', [...this.orderRows.values()].filter(isOf(clientID)), clientID)
  trades: BrokerPort['trades'] = async (clientID) =>
    this.book('trades', this.tradeRows.filter(isOf(clientID)), clientID)
  positions: BrokerPort['positions'] = async (clientID) =>
    this.book('positions', this.frozenPositions ?? this.positionRows(clientID), clientID)

  /** A quantity goes from one product to another at the average it was opened at, without a trade. */
  convert(part: PositionPart, newProduct: Product): void {
    const held = this.positionRows(part.clientID).find(
      (row) => row.token === part.token && row.product === part.product,
    )
    if (held === undefined) throw new Error('the model has no such position')
    const isLong = held.quantity > 0
    const price = isLong ? held.buyAveragePrice : held.sellAveragePrice
    const { segment, token, clientID } = held
    const moved = { segment, token, clientID, price, side: isLong ? 'BUY' : 'SELL' } as const
    this.moves.push({ ...moved, product: part.product, quantity: -part.quantity })
    this.moves.push({ ...moved, product: newProduct, quantity: part.quantity })
  }

  /** An order that was placed in the broker's own terminal. */
  placeByHand(instruction: Partial<BrokerOrderInstruction> = {}): BrokerOrder {
    const row = this.take({ ...HAND_PLACED, ...instruction })
    this.onOrder?.(row)
    return row
  }

  setState(brokerOrderId: string, state: OrderState, reason?: string): void {
    const row = this.require(brokerOrderId)
    const next = { ...row, state, reason, isChanging: false }
    this.orderRows.set(brokerOrderId, next)
    this.onOrder?.(next)
  }

  /** Fills part of an order; the trade comes before the order's row, as it may. */
  fill(brokerOrderId: string, quantity: number, price = 100): BrokerTrade {
    const row = this.require(brokerOrderId)
    const filledQuantity = row.filledQuantity + quantity
    const state = filledQuantity >= row.quantity ? 'filled' : 'partially-filled'
    this.lastNumber += 1
    const { tag, clientID, segment, token, side, product } = row
    const trade = {
      brokerOrderId,
      tag,
      tradeId: `T${this.lastNumber}`,
      clientID,
      segment,
      token,
      side,
      product,
      quantity,
      price,
    }
    this.tradeRows.push(trade)
    const next = { ...row, state: row.state === 'cancelled' ? row.state : state, filledQuantity } as const
    this.orderRows.set(brokerOrderId, { ...next, remainingQuantity: row.quantity - filledQuantity })
    this.onTrade?.(trade)
    this.onOrder?.(this.require(brokerOrderId))
    return trade
  }

  net(token = 2885): number {
    return this.positionRows().find((row) => row.token === token)?.quantity ?? 0
  }

  positionRows(clientID?: string): BrokerPosition[] {
    const rows = new Map<string, BrokerPosition>()
    for (const row of this.carriedForward.filter(isOf(clientID)))
      rows.set(`${row.segment} ${row.token} ${row.product}`, row)
    for (const trade of [...this.tradeRows, ...this.moves].filter(isOf(clientID))) {
      const key = `${trade.segment} ${trade.token} ${trade.product}`
      rows.set(key, withTrade(rows.get(key) ?? flatPosition(trade), trade))
    }
    return [...rows.values()]
  }

  byTag(tag: string): BrokerOrder | undefined {
    return [...this.orderRows.values()].find((row) => row.tag === tag)
  }

  /** New terms, or other words, on the row of an order. */
  amend(brokerOrderId: string, change: Partial<BrokerOrder>): void {
    const next = { ...this.require(brokerOrderId), ...change }
    this.orderRows.set(brokerOrderId, next)
    this.onOrder?.(next)
  }

  private async change<T>(
    brokerOrderId: string,
    fate: ChangeFate,
    parts: ChangeParts<T>,
  ): Promise<CallOutcome<T>> {
    const unsent = reasonNotSent(fate === 'not sent' ? fate : 'accept', parts.beforeSend)
    if (unsent !== undefined) return { kind: 'not-sent', reason: unsent, isSessionMissing: false }
    parts.onSent()
    if (fate === 'never arrives') return LOST
    if (fate === 'refuse session') return rejected('e-session-0007', 'Invalid Token', true)
    const row = this.orderRows.get(brokerOrderId)
    if (row === undefined || !WORKING.includes(row.state))
      return rejected('', 'Order is not found in OpenOrder List', false)
    if (fate === 'refuse') return rejected('e-orders-0099', 'not allowed now', false)
    this.carryOut(brokerOrderId, fate, parts.carryOut)
    return fate.endsWith('reply lost') ? LOST : { kind: 'ok', value: parts.answer }
  }

  private carryOut(brokerOrderId: string, fate: ChangeFate, carryOut: () => void): void {
    if (fate === 'take' || fate === 'event before reply') return carryOut()
    if (fate === 'take, no effect') return
    // The event of a change whose reply is lost is late too, or it would overtake the loss.
    const refuse = (): void => this.amend(brokerOrderId, { isChanging: false, reason: '16418 : refused' })
    this.unfinished.push(fate === 'refuse later' ? refuse : carryOut)
    if (fate !== 'take, reply lost') this.amend(brokerOrderId, { isChanging: true })
  }

  private answer(row: BrokerOrder, fate: PlaceFate): Promise<CallOutcome<{ brokerOrderId: string }>> {
    const { brokerOrderId, quantity } = row
    if (fate === 'hang') return new Promise(() => undefined)
    if (fate === 'event before reply') this.setState(brokerOrderId, 'open')
    if (this.fillsAtPrice !== undefined) this.fill(brokerOrderId, quantity, this.fillsAtPrice)
    return Promise.resolve(fate === 'reply lost' ? LOST : { kind: 'ok', value: { brokerOrderId } })
  }

  private require(brokerOrderId: string): BrokerOrder {
    const row = this.orderRows.get(brokerOrderId)
    if (row === undefined) throw new Error(`the model has no order ${brokerOrderId}`)
    return row
  }

  private take(instruction: BrokerOrderInstruction): BrokerOrder {
    this.lastNumber += 1
    const { tag, segment, token, side, priceType, product, validity, quantity, price, triggerPrice } =
      instruction
    const row: BrokerOrder = {
      ...{
        brokerOrderId: String(this.lastNumber),
        tag,
        clientID: instruction.clientID ?? OWN_CODE,
        segment,
        token,
      },
      ...{ side, priceType, product, validity, quantity, price, triggerPrice, state: 'open' },
      ...{ filledQuantity: 0, remainingQuantity: quantity },
    }
    this.orderRows.set(row.brokerOrderId, row)
    return row
  }

  private async book<T>(
    name: string,
    rows: readonly T[],
    clientID: string | undefined,
  ): Promise<CallOutcome<BookRead<T>>> {
    this.reads.push(name)
    this.readFor.push(clientID)
    if (this.isBookUnreadable) return { kind: 'unknown', reason: 'the answer is not JSON' }
    if (this.isBookEmptied || rows.length === 0)
      return { kind: 'ok', value: { rows: [], isEmptyAnswer: true } }
    return { kind: 'ok', value: { rows, isEmptyAnswer: false, nativeRows: this.nativeRows } }
  }
}

interface ChangeParts<T> {
  readonly beforeSend?: (() => void) | undefined
  readonly onSent: () => void
  readonly carryOut: () => void
  readonly answer: T
}

const HAND_PLACED: BrokerOrderInstruction = {
  tag: '',
  segment: 'NSECM',
  token: 2885,
  side: 'BUY',
  priceType: 'LIMIT',
  product: 'MIS',
  validity: 'DAY',
  quantity: 5,
  disclosedQuantity: 0,
  price: 90,
  triggerPrice: 0,
}

function reasonNotSent(fate: PlaceFate, beforeSend?: () => void): string | undefined {
  if (fate === 'no session') return 'there is no session'
  if (fate === 'not sent') return 'connection refused'
  try {
    beforeSend?.()
    return undefined
  } catch (error) {
    return String(error)
  }
}

function rejected(
  brokerCode: string,
  brokerDescription: string,
  isSessionInvalid: boolean,
): CallOutcome<never> {
  return { kind: 'rejected', brokerCode, brokerDescription, isSessionInvalid, epoch: 1 }
}

function flatPosition({ segment, token, product, clientID }: Move): BrokerPosition {
  const prices = { buyAveragePrice: 0, sellAveragePrice: 0, multiplier: 1 }
  return { clientID, segment, token, product, quantity: 0, buyQuantity: 0, sellQuantity: 0, ...prices }
}

function withTrade(row: BrokerPosition, { side, quantity, price }: Move): BrokerPosition {
  if (side === 'BUY') {
    const buyQuantity = row.buyQuantity + quantity
    const buyAveragePrice = (row.buyAveragePrice * row.buyQuantity + price * quantity) / buyQuantity
    return { ...row, quantity: row.quantity + quantity, buyQuantity, buyAveragePrice: buyAveragePrice || 0 }
  }
  const sellQuantity = row.sellQuantity + quantity
  const sellAveragePrice = (row.sellAveragePrice * row.sellQuantity + price * quantity) / sellQuantity
  return { ...row, quantity: row.quantity - quantity, sellQuantity, sellAveragePrice }
}
