/** Place of a tick in its topic's stream. */
interface TickPlace {
  readonly epoch: string
  readonly seq: number
}

/**
 * After a snapshot, ticks that are in it already may still arrive, since they travel another way. They are dropped until
 * the first newer one; from then on nothing is looked at, because the bus keeps the order.
 */
export class SnapshotFilter {
  private snapshot: TickPlace | undefined

  startAfter({ epoch, seq }: TickPlace): void {
    this.snapshot = { epoch, seq }
  }

  isNew(payload: Buffer): boolean {
    if (this.snapshot === undefined) return true
    const { epoch, seq } = JSON.parse(String(payload)) as TickPlace
    if (epoch === this.snapshot.epoch && seq <= this.snapshot.seq) return false
    this.snapshot = undefined
    return true
  }
}
