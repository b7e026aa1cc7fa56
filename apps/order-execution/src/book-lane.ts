import type { Clock } from '@xts-bridge/contracts'
import type { CallLimit } from '@xts-bridge/xts'

/** Who reads, most urgent first. Where a read is shared, the most urgent of those who ask decides. */
export const READ_PRIORITIES = ['resolver', 'start-up', 'close-all', 'user', 'routine'] as const
export type ReadPriority = (typeof READ_PRIORITIES)[number]

interface WaitingRead {
  rank: number
  readonly begin: () => void
  readonly answer: Promise<unknown>
}

/** The broker counts a read when it arrives, which the network can move a little. */
const ARRIVAL_MARGIN_MS = 10

/**
 * The reads of one book, within the broker's budget for it: so many in so long, over a sliding window. A read that has not
 * begun is shared by all who ask for the same; whoever waits longest within the most urgent is next.
 */
export class BookLane {
  private readonly waiting = new Map<string, WaitingRead>()
  private begunAtMs: readonly number[] = []
  private isTurnAwaited = false

  constructor(
    private readonly clock: Clock,
    private readonly limit: CallLimit,
  ) {}

  /** What `read` gives, once it is its turn; or what a read under the same key gives that has not begun. */
  read<T>(key: string, priority: ReadPriority, read: () => Promise<T>): Promise<T> {
    const rank = READ_PRIORITIES.indexOf(priority)
    const shared = this.waiting.get(key)
    if (shared !== undefined) {
      shared.rank = Math.min(shared.rank, rank)
      return shared.answer as Promise<T>
    }
    let begin: () => void = () => undefined
    const turn = new Promise<void>((resolve) => (begin = resolve))
    const answer = turn.then(read)
    this.waiting.set(key, { rank, begin, answer })
    this.awaitTurn()
    return answer
  }

  private awaitTurn(): void {
    if (this.isTurnAwaited || this.waiting.size === 0) return
    this.isTurnAwaited = true
    const take = (): void => this.takeTurn()
    const waitMs = this.freeAtMs() - this.clock.nowMs()
    if (waitMs > 0) this.clock.after(waitMs, take)
    // Even a read that may begin at once is shared by those who ask in the same turn.
    else void Promise.resolve().then(take)
  }

  private takeTurn(): void {
    this.isTurnAwaited = false
    const [next] = [...this.waiting].sort(([, one], [, other]) => one.rank - other.rank)
    if (next === undefined) return
    const [key, { begin }] = next
    this.waiting.delete(key)
    this.begunAtMs = [...this.begunAtMs, this.clock.nowMs()].slice(-this.limit.requests)
    begin()
    this.awaitTurn()
  }

  /** When the window has room again. */
  private freeAtMs(): number {
    const oldest = this.begunAtMs[this.begunAtMs.length - this.limit.requests]
    if (oldest === undefined) return -Infinity
    return oldest + this.limit.seconds * 1_000 + ARRIVAL_MARGIN_MS
  }
}
