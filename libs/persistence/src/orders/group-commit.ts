export interface GroupCommitOptions<T> {
  /** Writes one group, all or none. */
  readonly write: (group: readonly T[]) => Promise<void>
  /** Entries of one group; an addition is never split. */
  readonly largestGroup: number
  /** Entries that may wait; past it an addition is refused. */
  readonly mostWaiting?: number
}

interface Addition<T> {
  readonly entries: readonly T[]
  readonly resolve: () => void
  readonly reject: (reason: unknown) => void
}

const MOST_WAITING = 20_000

/**
 * One write in flight; whatever is added meanwhile shares the next. Additions settle in the order they were made.
 * When a group fails, its additions are written one by one, so that one bad entry does not fail its neighbours.
 */
export class GroupCommit<T> {
  private waiting: Addition<T>[] = []
  private waitingEntries = 0
  private running: Promise<void> | undefined

  constructor(private readonly options: GroupCommitOptions<T>) {}

  /** Resolves when the entries are written. Throws what the write threw, or when too many entries wait. */
  add(entries: readonly T[]): Promise<void> {
    if (entries.length === 0) return Promise.resolve()
    const limit = this.options.mostWaiting ?? MOST_WAITING
    if (this.waitingEntries + entries.length > limit)
      return Promise.reject(new Error(`more than ${limit} entries wait for the disk`))
    return new Promise((resolve, reject) => {
      this.waiting.push({ entries, resolve, reject })
      this.waitingEntries += entries.length
      this.running ??= this.writeWhatWaits()
    })
  }

  /** Resolves when nothing waits and nothing is being written. */
  async whenIdle(): Promise<void> {
    while (this.running !== undefined) await this.running
  }

  private async writeWhatWaits(): Promise<void> {
    for (let group = this.takeGroup(); group.length > 0; group = this.takeGroup())
      await this.writeGroup(group)
    this.running = undefined
  }

  private takeGroup(): Addition<T>[] {
    const group: Addition<T>[] = []
    let size = 0
    for (const addition of this.waiting) {
      if (group.length > 0 && size + addition.entries.length > this.options.largestGroup) break
      group.push(addition)
      size += addition.entries.length
    }
    this.waiting = this.waiting.slice(group.length)
    this.waitingEntries -= size
    return group
  }

  private async writeGroup(group: readonly Addition<T>[]): Promise<void> {
    try {
      await this.options.write(group.flatMap((addition) => addition.entries))
      for (const addition of group) addition.resolve()
    } catch (error) {
      const [only] = group
      if (group.length === 1 && only !== undefined) return only.reject(error)
      for (const addition of group) await this.writeGroup([addition])
    }
  }
}
