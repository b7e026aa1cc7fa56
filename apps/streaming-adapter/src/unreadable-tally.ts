/** One kind of message that cannot be read: how many came, and what was wrong with the last, its length with it. */
export interface UnreadableKind {
  readonly count: number
  readonly problem: string
}

/** Names a broker could make up are without end; what comes after so many is counted together. */
const MOST_KINDS = 50
const OTHERS = 'other events'

/**
 * Counts what could not be read, by event. It is told at the first, the tenth, the hundredth … of each, because a broker
 * with a new layout sends it with every tick.
 */
export class UnreadableTally {
  private readonly kinds = new Map<string, UnreadableKind>()
  private all = 0

  constructor(private readonly tell: (event: string, kind: UnreadableKind) => void) {}

  get total(): number {
    return this.all
  }

  add(event: string, problem: string): void {
    this.all += 1
    const name = this.kinds.has(event) || this.kinds.size < MOST_KINDS ? event : OTHERS
    const kind = { count: (this.kinds.get(name)?.count ?? 0) + 1, problem }
    this.kinds.set(name, kind)
    if (Number.isInteger(Math.log10(kind.count))) this.tell(name, kind)
  }

  /** By event, for the health page. */
  byEvent(): Readonly<Record<string, UnreadableKind>> {
    return Object.fromEntries(this.kinds)
  }
}
