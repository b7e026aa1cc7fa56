import { EXCHANGES, type ListedInstrument } from '@xts-bridge/contracts'
import { NONE, PRICE_COLUMNS, type IndexSections } from './index-layout'
import { FamilyTable, NumberPool, TextHeap } from './index-pools'
import { encodePrice } from './price-codes'
import { STANDARD_TEXTS, standardForms, type StandardText } from './standard-texts'

/** Number of an exchange in an index file. */
export const EXCHANGE_NUMBER: ReadonlyMap<string, number> = new Map(
  EXCHANGES.map((name, number) => [name, number]),
)

export type PooledColumn = 'family' | 'symbol' | StandardText | (typeof PRICE_COLUMNS)[number]
export const POOLED_COLUMNS = ['family', 'symbol', ...STANDARD_TEXTS, ...PRICE_COLUMNS] as const

/** Every text, number and family of a list once, and where each row has its own. */
export class IndexColumns {
  readonly texts: TextHeap
  readonly numbers: NumberPool
  readonly families: FamilyTable
  readonly columns: Readonly<Record<PooledColumn, Uint32Array>>

  private readonly numberPosition = (value: number): number => this.numbers.positionOf(value)

  /** `begun`: a file whose texts, numbers and families stay where they are. `know` may name some of those families. */
  constructor(
    instruments: readonly ListedInstrument[],
    begun?: { readonly sections: IndexSections; know(families: FamilyTable): void },
  ) {
    this.texts = new TextHeap(begun?.sections.heap)
    this.numbers = new NumberPool(begun?.sections.numbers)
    this.families = new FamilyTable(this.texts, this.numbers, begun?.sections.families)
    begun?.know(this.families)
    const column = (): Uint32Array => new Uint32Array(instruments.length)
    this.columns = {
      family: column(),
      symbol: column(),
      brokerSymbol: column(),
      description: column(),
      instrumentId: column(),
      strike: column(),
      bandLow: column(),
      bandHigh: column(),
    }
    instruments.forEach((instrument, row) => this.take(instrument, row))
  }

  writeColumns(sections: IndexSections): void {
    for (const name of POOLED_COLUMNS) sections.rows[name].set(this.columns[name])
  }

  writePools(sections: IndexSections): void {
    this.texts.writeTo(sections.heap)
    this.numbers.writeTo(sections.numbers)
    this.families.writeTo(sections.families)
  }

  private take(instrument: ListedInstrument, row: number): void {
    const { columns, families, texts } = this
    columns.family[row] = families.familyOf(instrument)
    const exchangeNumber = EXCHANGE_NUMBER.get(instrument.exchange) ?? 0
    // The display name of a cash instrument is often its symbol; no other text is the symbol of a contract.
    columns.symbol[row] = texts.appendSymbol(
      exchangeNumber,
      instrument.symbol,
      instrument.expiry === undefined,
    )
    for (const column of STANDARD_TEXTS) columns[column][row] = this.standardPosition(column, instrument)
    for (const column of PRICE_COLUMNS)
      columns[column][row] = encodePrice(instrument[column], this.numberPosition)
  }

  private standardPosition(column: StandardText, instrument: ListedInstrument): number {
    const text = instrument[column]
    if (text === undefined) return NONE
    const form = standardForms(column, instrument).indexOf(text) + 1
    return form > 0 ? form : this.texts.positionOf(text)
  }
}
