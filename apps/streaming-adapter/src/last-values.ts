import { mergeUpdate, type MarketUpdate } from '@xts-bridge/xts'
import { instrumentKey, type InstrumentRef } from './instrument-key'

/** Everything known of one instrument since the feed last connected. */
export interface LastValue {
  readonly update: MarketUpdate
  readonly receivedAtMs: number
}

/**
 * The last-value cache: one merged value per instrument. It is emptied on a disconnect, because a value from before a
 * gap looks exactly like a live one.
 */
export class LastValues {
  private readonly values = new Map<number, LastValue>()

  get size(): number {
    return this.values.size
  }

  apply(update: MarketUpdate, receivedAtMs: number): LastValue {
    const key = instrumentKey(update)
    const value = { update: mergeUpdate(this.values.get(key)?.update, update), receivedAtMs }
    this.values.set(key, value)
    return value
  }

  find(ref: InstrumentRef): LastValue | undefined {
    return this.values.get(instrumentKey(ref))
  }

  forget(ref: InstrumentRef): void {
    this.values.delete(instrumentKey(ref))
  }

  clear(): void {
    this.values.clear()
  }
}
