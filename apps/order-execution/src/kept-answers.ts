import type { Clock } from '@xts-bridge/contracts'

interface KeptAnswer<T> {
  readonly value: T
  readonly begunAtMs: number
}

const MOST_KEPT = 200

/** The last answer of a book that no event keeps true, by client; good for `keptMs`. */
export class KeptAnswers<T> {
  private readonly kept = new Map<string, KeptAnswer<T>>()

  constructor(
    private readonly clock: Clock,
    private readonly keptMs: number,
  ) {}

  /** The last answer when it is young enough and not asked afresh, else what `read` gives. */
  async get(
    clientID: string | undefined,
    isFresh: boolean,
    read: () => Promise<KeptAnswer<T>>,
  ): Promise<KeptAnswer<T>> {
    const name = clientID ?? ''
    const known = this.kept.get(name)
    if (!isFresh && known !== undefined && this.clock.nowMs() - known.begunAtMs <= this.keptMs) return known
    const answer = await read()
    if (this.kept.size >= MOST_KEPT) this.kept.clear()
    this.kept.set(name, answer)
    return answer
  }
}
