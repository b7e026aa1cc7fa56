import type { SegmentCount } from '@xts-bridge/contracts'
import type { RefusalReason } from './refusal-reasons'

/** Characters of a refused row that are kept as its reason's sample. */
const SAMPLE_LENGTH = 160

interface Tally {
  rows: number
  instruments: number
  renamed: number
  readonly refused: Map<RefusalReason, number>
}

/** What became of the rows of each segment, and one refused row of each reason. */
export class RowTally {
  private readonly tallies = new Map<string, Tally>()
  private readonly firstRefused = new Map<string, string>()

  countRow(segment: string): void {
    this.tallyOf(segment).rows += 1
  }

  /** Adds to the segment's instruments, or takes away from them. */
  countInstruments(segment: string, change: 1 | -1): void {
    this.tallyOf(segment).instruments += change
  }

  countRenamed(segment: string): void {
    this.tallyOf(segment).renamed += 1
  }

  countRefused(segment: string, reason: RefusalReason, row: string): void {
    const { refused } = this.tallyOf(segment)
    refused.set(reason, (refused.get(reason) ?? 0) + 1)
    const key = `${segment} ${reason}`
    if (!this.firstRefused.has(key)) this.firstRefused.set(key, row.slice(0, SAMPLE_LENGTH))
  }

  /** The first refused row of each `segment reason`, cut short. */
  samples(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.firstRefused)
  }

  counts(): SegmentCount[] {
    return [...this.tallies].map(([segment, { rows, instruments, renamed, refused }]) => ({
      segment,
      rows,
      instruments,
      refused: Object.fromEntries(refused),
      ...(renamed > 0 && { renamed }),
    }))
  }

  private tallyOf(segment: string): Tally {
    const known = this.tallies.get(segment)
    if (known !== undefined) return known
    const tally: Tally = { rows: 0, instruments: 0, renamed: 0, refused: new Map() }
    this.tallies.set(segment, tally)
    return tally
  }
}
