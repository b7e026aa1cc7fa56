import { NSE_INDICES, nseIndexInstrument, nseIndexRow } from './indices'
import type { ListedInstrument } from './listed-instrument'
import { inLayout, type MasterLayout } from './master-layouts'
import type { SegmentTable } from './segment-table'
import type { SegmentName } from './segments'

/** How a gateway writes its master. */
export interface MasterStyle {
  readonly layout: MasterLayout
  /** Some gateways list the NSE indices as rows of NSECM. */
  readonly hasIndexRows: boolean
}

/** Those of the exchange's test symbols are a digit short. */
const ISIN = /^[A-Z0-9]{11,12}$/

const USUAL_STYLE: MasterStyle = { layout: '2026', hasIndexRows: false }

/** All instruments this broker knows, by segment. */
export class Universe {
  private readonly nseIndices = new Map(NSE_INDICES.map((index) => [index.token, nseIndexInstrument(index)]))
  private readonly series = new Map<SegmentName, string[]>()
  private readonly besides = new Map<string, ListedInstrument>()
  private lastNamed: { readonly question: string; readonly rows: readonly ListedInstrument[] } | undefined

  constructor(
    private readonly tables: ReadonlyMap<SegmentName, SegmentTable>,
    /** Segments nothing is listed in, although there is a table: as if it were empty. */
    private readonly closed: ReadonlySet<SegmentName> = new Set(),
  ) {}

  /** The same world with these segments only. */
  limitedTo(segments: readonly SegmentName[]): Universe {
    const closed = this.segments.filter((segment) => !segments.includes(segment))
    const tables = [...this.tables].filter(([segment]) => segments.includes(segment))
    const isNseClosed = !segments.includes('NSECM')
    return new Universe(new Map(tables), new Set(isNseClosed ? [...closed, 'NSECM'] : closed))
  }

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
    if (listed) return listed
    const index = this.listsNseIndices(segment) ? this.nseIndices.get(token) : undefined
    return index ?? this.besides.get(`${segment}|${token}`)
  }

  /** An instrument that trades and ticks though no master has a row for it. */
  addBesides(instrument: ListedInstrument): void {
    this.besides.set(`${instrument.segment}|${instrument.token}`, instrument)
  }

  /** The rows of these segments, newline between rows; a segment that is not listed adds nothing. */
  masterText(segments: readonly SegmentName[], style: MasterStyle = USUAL_STYLE): string {
    const texts = segments.flatMap((segment) => {
      const rows = this.tables.get(segment)?.masterText() ?? []
      if (!style.hasIndexRows || !this.listsNseIndices(segment)) return rows
      return [rows, ...NSE_INDICES.map(nseIndexRow)].flat()
    })
    return inLayout(texts.join('\n'), style.layout)
  }

  /** `NIFTY 50_26000`: NSE from the fixed list, BSE from the SPOT rows of its master, so that each index has one token. */
  indexList(segment: SegmentName): string[] {
    if (this.listsNseIndices(segment)) return NSE_INDICES.map((index) => `${index.name}_${index.token}`)
    const table = this.tables.get(segment)
    if (segment !== 'BSECM' || !table) return []
    return [...table.rowsContaining('|SPOT|')].map((row) => `${row.name}_${row.token}`)
  }

  /** Every series of a segment once, in the order of its rows. */
  seriesOf(segment: SegmentName): readonly string[] {
    const known = this.series.get(segment)
    if (known) return known
    const found = this.tables.get(segment)?.series() ?? []
    this.series.set(segment, found)
    return found
  }

  /** Instruments of this symbol (the Name column) and series. Who asks for expiries asks for strikes next, so the last answer is kept. */
  named(segment: SegmentName, symbol: string, series: string): readonly ListedInstrument[] {
    const question = `${segment}|${symbol}|${series}`
    if (this.lastNamed?.question !== question) {
      this.lastNamed = { question, rows: this.tables.get(segment)?.rowsNamed(symbol, series) ?? [] }
    }
    return this.lastNamed.rows
  }

  /** Instruments with all these words in their names, in any case; at most `limit`, cash segments first. */
  search(text: string, limit: number): ListedInstrument[] {
    const words = text.toUpperCase().split(/\s+/).filter(Boolean)
    const longest = words.reduce((best, word) => (word.length > best.length ? word : best), '')
    const found: ListedInstrument[] = []
    for (const table of longest === '' ? [] : this.tables.values()) {
      for (const row of table.rowsContaining(longest)) {
        if (found.length >= limit) return found
        const names = `${row.name} ${row.description} ${row.displayName}`.toUpperCase()
        if (words.every((word) => names.includes(word))) found.push(row)
      }
    }
    return found
  }

  withIsin(isin: string): ListedInstrument[] {
    if (!ISIN.test(isin)) return []
    const rows = [...this.tables.values()].flatMap((table) => [...table.rowsContaining(`|${isin}|`)])
    return rows.filter((row) => row.isin === isin)
  }

  /** Any instrument; `share` in [0, 1) says which. Undefined in an empty world. */
  at(share: number): ListedInstrument | undefined {
    let position = Math.floor(share * this.count)
    for (const table of this.tables.values()) {
      if (position < table.count) return table.at(position)
      position -= table.count
    }
    return undefined
  }

  private listsNseIndices(segment: SegmentName): boolean {
    return segment === 'NSECM' && !this.closed.has(segment)
  }
}
