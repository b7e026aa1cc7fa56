import type { OrderState } from '@xts-bridge/contracts'
import type {
  BookRead,
  BrokerOrder,
  BrokerOrderInstruction,
  BrokerPosition,
  BrokerTrade,
  CallOutcome,
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

const OWN_CODE = 'ABC1234'
const LOST: CallOutcome<never> = { kind: 'unknown', reason: 'the connection was reset' }

/** A broker in memory: it takes orders, fills them when told, and answers its books, truly or with faults. */
export class ModelledBroker implements BrokerPort {
  readonly placed: BrokerOrderInstruction[] = []
  readonly cancelled: string[] = []
  readonly orderRows = new Map<string, BrokerOrder>()
  readonly tradeRows: BrokerTrade[] = []
  readonly reads: string[] = []
  /** Fates of the next orders, first come first; `accept` when there are none. */
  fates: PlaceFate[] = []
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

  cancel: BrokerPort['cancel'] = async ({ brokerOrderId }) => {
    this.cancelled.push(brokerOrderId)
    const row = this.orderRows.get(brokerOrderId)
    const isWorking = row?.state === 'open' || row?.state === 'accepted' || row?.state === 'partially-filled'
    if (!isWorking) return rejected('', 'Order is not found in OpenOrder List', false)
    if (!this.isCancelIgnored) this.setState(brokerOrderId, 'cancelled', 'cancelled by user')
    return { kind: 'ok', value: undefined }
  }

  orders: BrokerPort['orders'] = async () => this.book('orders', [...this.orderRows.values()])
  trades: BrokerPort['trades'] = async () => this.book('trades', this.tradeRows)
  positions: BrokerPort['positions'] = async () =>
    this.book('positions', this.frozenPositions ?? this.positionRows())

  /** An order that was placed in the broker's own terminal. */
  placeByHand(instruction: Partial<BrokerOrderInstruction> = {}): BrokerOrder {
    const row = this.take({ ...HAND_PLACED, ...instruction })
    this.onOrder?.(row)
    return row
  }

  setState(brokerOrderId: string, state: OrderState, reason?: string): void {
    const row = this.require(brokerOrderId)
    const next = { ...row, state, reason }
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

  positionRows(): BrokerPosition[] {
    const rows = new Map<string, BrokerPosition>()
    for (const row of this.carriedForward) rows.set(`${row.segment} ${row.token} ${row.product}`, row)
    for (const trade of this.tradeRows) {
      const key = `${trade.segment} ${trade.token} ${trade.product}`
      rows.set(key, withTrade(rows.get(key) ?? flatPosition(trade), trade))
    }
    return [...rows.values()]
  }

  byTag(tag: string): BrokerOrder | undefined {
    return [...this.orderRows.values()].find((row) => row.tag === tag)
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

  private async book<T>(name: string, rows: readonly T[]): Promise<CallOutcome<BookRead<T>>> {
    this.reads.push(name)
    if (this.isBookUnreadable) return { kind: 'unknown', reason: 'the answer is not JSON' }
    if (this.isBookEmptied || rows.length === 0)
      return { kind: 'ok', value: { rows: [], isEmptyAnswer: true } }
    return { kind: 'ok', value: { rows, isEmptyAnswer: false } }
  }
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

function flatPosition({ segment, token, product, clientID }: BrokerTrade): BrokerPosition {
  const prices = { buyAveragePrice: 0, sellAveragePrice: 0, multiplier: 1 }
  return { clientID, segment, token, product, quantity: 0, buyQuantity: 0, sellQuantity: 0, ...prices }
}

function withTrade(row: BrokerPosition, { side, quantity, price }: BrokerTrade): BrokerPosition {
  if (side === 'BUY') {
    const buyQuantity = row.buyQuantity + quantity
    const buyAveragePrice = (row.buyAveragePrice * row.buyQuantity + price * quantity) / buyQuantity
    return { ...row, quantity: row.quantity + quantity, buyQuantity, buyAveragePrice }
  }
  const sellQuantity = row.sellQuantity + quantity
  const sellAveragePrice = (row.sellAveragePrice * row.sellQuantity + price * quantity) / sellQuantity
  return { ...row, quantity: row.quantity - quantity, sellQuantity, sellAveragePrice }
}
