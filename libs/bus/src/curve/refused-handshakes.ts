import type { Clock } from '@xts-bridge/contracts'

/** Why a peer was not let in. */
export type RefusalReason =
  /** It speaks CURVE, and its key is not on the allow-list. */
  | 'unknown-key'
  /** It does not speak CURVE. */
  | 'no-curve'
  /** It expects another server key than ours. */
  | 'wrong-server-key'
  /** It does not speak ZeroMQ's protocol as it should, or left in the middle. */
  | 'protocol'

export const REFUSAL_REASONS: readonly RefusalReason[] = [
  'unknown-key',
  'no-curve',
  'wrong-server-key',
  'protocol',
]

export interface RefusedHandshake {
  readonly reason: RefusalReason
  /** The client's address; undefined where ZeroMQ does not tell it, which is before the peer's key is known. */
  readonly clientAddress?: string | undefined
  /** The client's public key, when it showed one. */
  readonly clientKey?: string | undefined
  /** Where it knocked, when ZeroMQ tells it. */
  readonly endpoint?: string | undefined
}

export interface RefusedHandshakesOptions {
  readonly clock: Clock
  /** Every one, for a counter. */
  onRefused?(refused: RefusedHandshake): void
  /** At most one a minute for each client address (where there is none, each endpoint) and reason. */
  onReport?(refused: RefusedHandshake): void
}

const REPORT_PAUSE_MS = 60_000
/** Addresses kept apart; beyond, the oldest is forgotten and may be reported again early. */
const MAX_ADDRESSES = 1_000

/** Handshakes that were refused here: counted, and reported once a minute for each address. */
export class RefusedHandshakes {
  private readonly reportedAtMs = new Map<string, number>()
  private total = 0
  private latest: (RefusedHandshake & { readonly atMs: number }) | undefined

  constructor(private readonly options: RefusedHandshakesOptions) {}

  get count(): number {
    return this.total
  }

  /** The newest one. */
  get last(): (RefusedHandshake & { readonly atMs: number }) | undefined {
    return this.latest
  }

  add(refused: RefusedHandshake): void {
    const atMs = this.options.clock.nowMs()
    this.total += 1
    this.latest = { ...refused, atMs }
    this.options.onRefused?.(refused)
    const from = `${refused.clientAddress ?? refused.endpoint ?? ''} ${refused.reason}`
    const reportedAtMs = this.reportedAtMs.get(from)
    if (reportedAtMs !== undefined && atMs - reportedAtMs < REPORT_PAUSE_MS) return
    this.remember(from, atMs)
    this.options.onReport?.(refused)
  }

  private remember(from: string, atMs: number): void {
    this.reportedAtMs.delete(from)
    this.reportedAtMs.set(from, atMs)
    if (this.reportedAtMs.size <= MAX_ADDRESSES) return
    for (const oldest of this.reportedAtMs.keys()) {
      this.reportedAtMs.delete(oldest)
      return
    }
  }
}
