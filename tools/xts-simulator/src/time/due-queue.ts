/** Something that happens at a time; of equal times the one that was asked first. */
export interface Due {
  readonly atMs: number
  readonly place: number
  readonly run: () => void
  isCancelled: boolean
}

const isBefore = (one: Due, other: Due): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.place < other.place)

/** So many places are not worth cleaning. */
const FEW = 64

/** What is still to come, the next first: a binary heap, so that tens of thousands of open timers cost nothing. */
export class DueQueue {
  private readonly heap: Due[] = []
  private places = 0
  private live = 0

  get count(): number {
    return this.live
  }

  add(atMs: number, run: () => void): Due {
    const due: Due = { atMs, place: this.places++, run, isCancelled: false }
    this.heap.push(due)
    this.rise(this.heap.length - 1)
    this.live += 1
    return due
  }

  /** Once it happened there is nothing to take back. */
  cancel(due: Due): void {
    if (due.isCancelled) return
    due.isCancelled = true
    this.live -= 1
    if (this.heap.length > FEW && this.live < this.heap.length / 2) this.clean()
  }

  peek(): Due | undefined {
    while (this.heap[0]?.isCancelled) this.removeFirst()
    return this.heap[0]
  }

  take(): Due | undefined {
    const first = this.peek()
    if (!first) return undefined
    this.removeFirst()
    this.cancel(first)
    return first
  }

  clear(): void {
    this.heap.length = 0
    this.live = 0
  }

  /** What was taken back goes when it is the greater part: each such thing costs one look. A sorted row is a heap. */
  private clean(): void {
    const left = this.heap.filter((due) => !due.isCancelled)
    left.sort((one, other) => (isBefore(one, other) ? -1 : 1))
    this.heap.length = 0
    for (const due of left) this.heap.push(due)
  }

  private removeFirst(): void {
    const last = this.heap.pop()
    if (!last || this.heap.length === 0) return
    this.heap[0] = last
    this.sink()
  }

  private rise(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1
      if (!this.swapIfBefore(at, parent)) return
      at = parent
    }
  }

  private sink(): void {
    for (let at = 0; ;) {
      const [left, right] = [this.heap[2 * at + 1], this.heap[2 * at + 2]]
      const child = right && left && isBefore(right, left) ? 2 * at + 2 : 2 * at + 1
      if (!this.swapIfBefore(child, at)) return
      at = child
    }
  }

  /** Puts the lower one of the two places up, if it comes first. */
  private swapIfBefore(lower: number, upper: number): boolean {
    const [below, above] = [this.heap[lower], this.heap[upper]]
    if (!below || !above || !isBefore(below, above)) return false
    this.heap[lower] = above
    this.heap[upper] = below
    return true
  }
}
