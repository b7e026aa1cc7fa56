import type { FillEvidence } from '@xts-bridge/persistence'
import { fillKey } from './order-state'
import { clientOf, type PositionKey } from './position-key'
import { tradingDay } from './trading-day'

export interface KnownFill {
  readonly fill: FillEvidence
  /** The order's clientID when the order is ours, else the row's. */
  readonly clientID: string | undefined
  readonly seenAtMs: number
}

/** What the trade records of one day add up to for a position. */
export interface FillSum {
  /** Bought less sold. */
  readonly net: number
  readonly count: number
  /** When the newest of them became known; 0 without any. */
  readonly lastSeenAtMs: number
}

/** Every trade record, once each, by instrument. */
export class DayFills {
  private readonly keys = new Set<string>()
  private byInstrument = new Map<string, KnownFill[]>()

  /** False when the fill is known already. */
  add(fill: FillEvidence, clientID: string | undefined, seenAtMs: number): boolean {
    const key = fillKey(fill)
    if (this.keys.has(key)) return false
    this.keys.add(key)
    const instrument = instrumentText(fill)
    const known = this.byInstrument.get(instrument) ?? []
    this.byInstrument.set(instrument, [...known, { fill, clientID, seenAtMs }])
    return true
  }

  sum(key: PositionKey, day: number, ownCodes: readonly string[]): FillSum {
    let net = 0
    let count = 0
    let lastSeenAtMs = 0
    for (const { fill, clientID, seenAtMs } of this.byInstrument.get(instrumentText(key)) ?? []) {
      if (fill.product !== key.product || tradingDay(seenAtMs) !== day) continue
      if (clientOf(clientID, ownCodes) !== key.client) continue
      net += fill.side === 'BUY' ? fill.quantity : -fill.quantity
      count += 1
      lastSeenAtMs = Math.max(lastSeenAtMs, seenAtMs)
    }
    return { net, count, lastSeenAtMs }
  }

  /** The day's trade records of one client, oldest known first; of every client without one. */
  ofDay(day: number, ownCodes: readonly string[], client?: string): readonly KnownFill[] {
    return [...this.byInstrument.values()]
      .flat()
      .filter(({ seenAtMs }) => tradingDay(seenAtMs) === day)
      .filter(({ clientID }) => client === undefined || clientOf(clientID, ownCodes) === client)
      .sort((one, other) => one.seenAtMs - other.seenAtMs)
  }

  /** True when the client traded anything on that day. */
  hasTraded(client: string, day: number, ownCodes: readonly string[]): boolean {
    for (const fills of this.byInstrument.values()) {
      for (const { clientID, seenAtMs } of fills) {
        if (tradingDay(seenAtMs) === day && clientOf(clientID, ownCodes) === client) return true
      }
    }
    return false
  }

  /** Forgets what was seen before; days that are over no longer add to anything. */
  forgetBefore(atMs: number): void {
    const kept = new Map<string, KnownFill[]>()
    for (const [instrument, fills] of this.byInstrument) {
      const young = fills.filter((known) => known.seenAtMs >= atMs)
      for (const known of fills) if (known.seenAtMs < atMs) this.keys.delete(fillKey(known.fill))
      if (young.length > 0) kept.set(instrument, young)
    }
    this.byInstrument = kept
  }
}

function instrumentText({ segment, token }: Pick<PositionKey, 'segment' | 'token'>): string {
  return `${segment}|${token}`
}
