import { NSE_INDICES, nseIndexInstrument } from './indices'
import type { ListedInstrument } from './listed-instrument'
import type { SegmentTable } from './segment-table'
import type { SegmentName } from './segments'

/** All instruments this broker knows, by segment. */
export class Universe {
  private readonly nseIndices = new Map(NSE_INDICES.map((index) => [index.token, nseIndexInstrument(index)]))

  constructor(private readonly tables: ReadonlyMap<SegmentName, SegmentTable>) {}

  get segments(): readonly SegmentName[] {
    return [...this.tables.keys()]
  }

  get count(): number {
    return [...this.tables.values()].reduce((sum, table) => sum + table.count, 0)
  }

  countOf(segment: SegmentName): number {
    return this.tables.get(segment)?.count ?? 0
  }

  find(segment: SegmentName, token: number): ListedInstrument | undefined {
    const listed = this.tables.get(segment)?.find(token)
    return listed ?? (segment === 'NSECM' ? this.nseIndices.get(token) : undefined)
  }

  /** The rows of these segments, newline between rows; a segment that is not listed adds nothing. */
  masterText(segments: readonly SegmentName[]): string {
    const texts = segments.flatMap((segment) => this.tables.get(segment)?.masterText() ?? [])
    return texts.join('\n')
  }

  /** `NIFTY 50_26000`: NSE from the fixed list, BSE from the SPOT rows of its master, so that each index has one token. */
  indexList(segment: SegmentName): string[] {
    if (segment === 'NSECM') return NSE_INDICES.map((index) => `${index.name}_${index.token}`)
    const table = this.tables.get(segment)
    if (segment !== 'BSECM' || !table) return []
    return [...table.rowsContaining('|SPOT|')].map((row) => `${row.name}_${row.token}`)
  }
}
