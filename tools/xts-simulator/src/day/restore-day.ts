import { isTerminal, type ChangeAsk, type SimOrder, type SimTrade } from '../matching/sim-order'
import type { TradeConversion } from '../matching/trade-conversion'
import type { Account } from '../state/account'
import type { Receipt } from '../state/order-ledger'
import type { Opening } from '../state/position-keeper'
import type { ListedInstrument } from '../universe/listed-instrument'
import type { SegmentName } from '../universe/segments'
import type { Universe } from '../universe/universe'
import { indianDate } from '../wire/indian-time'
import {
  dayLineSchema,
  type ConvertedLine,
  type DayLine,
  type FilledLine,
  type ForgottenLine,
  type NewOrderLine,
  type OpenedLine,
  type ReceivedLine,
} from './day-lines'

/** A line that cannot be what this program wrote; `lineNumber` counts from 1. */
export class DamagedLine extends Error {
  constructor(
    readonly lineNumber: number,
    why: string,
    cause?: unknown,
  ) {
    super(why, { cause })
  }
}

/** An order as it was left, and the changes that were accepted and have not happened yet. */
export interface KeptOrder {
  readonly order: SimOrder
  readonly openAsks: readonly ChangeAsk[]
}

/** What moves a position: a fill, or a conversion. */
export type PositionChange =
  | { readonly trade: SimTrade; readonly conversion?: undefined }
  | { readonly conversion: TradeConversion; readonly trade?: undefined }

/** A day as it was left. */
export interface KeptDay {
  readonly orders: readonly KeptOrder[]
  readonly receipts: readonly Receipt[]
  /** What the day began with, if that was noted; else what the accounts carried over. */
  readonly openings: readonly Opening[] | undefined
  /** In their order. */
  readonly positionChanges: readonly PositionChange[]
  /** Rupees: the last fill, or the last jump that somebody made. */
  readonly lastPrices: readonly { readonly instrument: ListedInstrument; readonly price: number }[]
  /** The lines this was made of: those of other days are missing. */
  readonly lines: readonly string[]
  readonly droppedLines: number
}

export interface RestoreRequest {
  readonly lines: readonly string[]
  /** `2026-11-20`, the Indian date: what was received on another one is dropped, with everything that followed of it. */
  readonly today: string
  readonly universe: Universe
  readonly accounts: readonly [Account, ...Account[]]
}

/** Makes a day of its lines. Throws DamagedLine. */
export function restoreDay(request: RestoreRequest): KeptDay {
  const day = new RestoredDay(request)
  const kept = request.lines.filter((text, index) => {
    try {
      return day.take(parseLine(text))
    } catch (cause) {
      throw new DamagedLine(index + 1, cause instanceof Error ? cause.message : String(cause), cause)
    }
  })
  return {
    orders: [...day.orders.values()].map((order) => ({ order, openAsks: day.openAsksOf(order) })),
    receipts: day.receipts,
    openings: day.openings,
    positionChanges: day.positionChanges,
    lastPrices: [...day.lastPrices.values()],
    lines: kept,
    droppedLines: request.lines.length - kept.length,
  }
}

function parseLine(text: string): DayLine {
  const parsed = dayLineSchema.safeParse(JSON.parse(text))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Error(issue ? `${issue.path.join('.')}: ${issue.message}` : 'it is no line of a day')
}

type OrderLine = Extract<DayLine, { kind: 'asked' | 'settled' | 'filled' | 'changed' }>

class RestoredDay {
  readonly orders = new Map<number, SimOrder>()
  receipts: Receipt[] = []
  openings: readonly Opening[] | undefined
  /** Trades and conversions in their order: both move positions. */
  positionChanges: PositionChange[] = []
  readonly lastPrices = new Map<string, { instrument: ListedInstrument; price: number }>()
  private readonly asks = new Map<SimOrder, Map<number, ChangeAsk>>()
  private readonly ordersOfOtherDays = new Set<number>()

  constructor(private readonly request: RestoreRequest) {}

  /** False when the line belongs to another day. */
  take(line: DayLine): boolean {
    if (line.kind === 'received') return this.takeReceived(line)
    if (line.kind === 'made') return this.takeOrder(line.order) !== undefined
    if (line.kind === 'converted') return this.takeConversion(line)
    if (line.kind === 'opened') return this.takeOpened(line)
    if (line.kind === 'price') {
      if (!this.isToday(line.atMs)) return false
      this.setLastPrice(this.instrument(line.segment, line.token), line.price)
      return true
    }
    if (line.kind === 'forgotten') return this.takeForgotten(line)
    if (this.ordersOfOtherDays.has(line.order)) return false
    const order = this.orders.get(line.order)
    if (!order) throw new Error(`order ${line.order} was never received`)
    this.takeChange(order, line)
    return true
  }

  openAsksOf(order: SimOrder): readonly ChangeAsk[] {
    return isTerminal(order.state) ? [] : [...(this.asks.get(order)?.values() ?? [])]
  }

  private takeReceived(line: ReceivedLine): boolean {
    const { atMs: receivedAtMs, tag, userId, refusal } = line
    const order = line.order && this.takeOrder(line.order)
    if (!this.isToday(receivedAtMs)) return false
    this.receipts.push({ tag, receivedAtMs, userId, order, refusal })
    return true
  }

  private takeOpened({ atMs, positions }: OpenedLine): boolean {
    if (!this.isToday(atMs)) return false
    this.openings = positions.map(({ segment, token, quantity, averagePrice, ...owner }) => ({
      owner: { ...owner, instrument: this.instrument(segment, token) },
      quantity,
      averagePrice,
    }))
    return true
  }

  /** Prices stay; an order that was forgotten is like one of another day. */
  private takeForgotten({ atMs, withReceipts }: ForgottenLine): boolean {
    if (!this.isToday(atMs)) return false
    for (const appOrderId of this.orders.keys()) this.ordersOfOtherDays.add(appOrderId)
    this.orders.clear()
    this.asks.clear()
    this.positionChanges = []
    if (withReceipts) this.receipts = []
    return true
  }

  /** Undefined when it belongs to another day. */
  private takeOrder(kept: NewOrderLine): SimOrder | undefined {
    if (!this.isToday(kept.receivedAtMs)) {
      this.ordersOfOtherDays.add(kept.appOrderId)
      return undefined
    }
    const order = this.orderFrom(kept)
    if (this.orders.has(order.appOrderId)) throw new Error(`order ${order.appOrderId} was received before`)
    this.orders.set(order.appOrderId, order)
    return order
  }

  private takeConversion(line: ConvertedLine): boolean {
    if (!this.isToday(line.convertedAtMs)) return false
    const { kind: _, loginId, segment, token, ...rest } = line
    const conversion = {
      ...rest,
      account: this.accountOf(loginId),
      instrument: this.instrument(segment, token),
    }
    this.positionChanges.push({ conversion })
    return true
  }

  private orderFrom(kept: NewOrderLine): SimOrder {
    const { segment, token, loginId, state, ...identity } = kept
    return {
      ...identity,
      account: this.accountOf(loginId),
      instrument: this.instrument(segment, token),
      state,
      history: [state],
    }
  }

  private accountOf(loginId: string): Account {
    const { accounts } = this.request
    return accounts.find((account) => account.userId === loginId) ?? { ...accounts[0], userId: loginId }
  }

  private takeChange(order: SimOrder, line: OrderLine): void {
    switch (line.kind) {
      case 'asked': {
        const open = this.asks.get(order) ?? new Map<number, ChangeAsk>()
        this.asks.set(order, open.set(line.ask.id, line.ask))
        return
      }
      case 'settled':
        this.asks.get(order)?.delete(line.ask)
        return
      case 'filled':
        this.takeFill(order, line)
        return
      case 'changed':
        order.state = line.state
        order.history.push(line.state)
    }
  }

  private takeFill(order: SimOrder, line: FilledLine): void {
    const { state: after, executionId, price, quantity, tradedAtMs, sequence } = line
    order.state = after
    order.history.push(after)
    const trade = { order, after, executionId, price, quantity, tradedAtMs, sequence }
    this.positionChanges.push({ trade })
    this.setLastPrice(order.instrument, price)
  }

  private setLastPrice(instrument: ListedInstrument, price: number): void {
    this.lastPrices.set(`${instrument.segment}|${instrument.token}`, { instrument, price })
  }

  private instrument(segment: SegmentName, token: number): ListedInstrument {
    const found = this.request.universe.find(segment, token)
    if (!found)
      throw new Error(
        `instrument ${token} of ${segment} is not listed; the day was kept with another seed, universe or masters folder`,
      )
    return found
  }

  private isToday(atMs: number): boolean {
    return indianDate(atMs) === this.request.today
  }
}
