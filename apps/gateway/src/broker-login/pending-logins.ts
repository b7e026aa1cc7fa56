import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '@xts-bridge/contracts'

/** A person who logs in at a broker's page, second factor and all, needs no longer. */
const LIFE_MS = 600_000
/** Logins under way at once; the oldest goes first. */
const MOST_PENDING = 100

/** A login that an administrator has begun here. */
interface PendingLogin {
  readonly apiKey: string
  readonly untilMs: number
}

/**
 * Logins on their way through the broker's page. Each has a number used once in its return address, so that nobody but
 * the one who began it can hand a session over; it is good once, and ten minutes at most.
 */
export class PendingLogins {
  private readonly pending = new Map<string, PendingLogin>()

  constructor(private readonly clock: Clock) {}

  /** The number of a login that this key may complete: 256 random bits. */
  begin(apiKey: string): string {
    this.dropOld()
    const [oldest] = this.pending.keys()
    if (oldest !== undefined && this.pending.size >= MOST_PENDING) this.pending.delete(oldest)
    const state = randomBytes(32).toString('base64url')
    this.pending.set(digestOf(state), { apiKey, untilMs: this.clock.nowMs() + LIFE_MS })
    return state
  }

  /** The key that began this login; undefined when there is none, it took too long, or it was completed before. */
  take(state: string): string | undefined {
    this.dropOld()
    const digest = digestOf(state)
    const login = this.pending.get(digest)
    this.pending.delete(digest)
    return login?.apiKey
  }

  private dropOld(): void {
    for (const [state, { untilMs }] of this.pending)
      if (untilMs <= this.clock.nowMs()) this.pending.delete(state)
  }
}

/** Looked up by digest, so that the time it takes tells nothing of the number. */
function digestOf(state: string): string {
  return createHash('sha256').update(state).digest('hex')
}
