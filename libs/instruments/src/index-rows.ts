import {
  EXCHANGES,
  segmentFromNumber,
  type Exchange,
  type Instrument,
  type ListedInstrument,
  type Segment,
} from '@xts-bridge/contracts'
import {
  FAMILY_NUMBERS,
  FAMILY_TEXTS,
  FIRST_TEXT,
  NONE,
  PRICE_COLUMNS,
  type FamilyNumber,
  type FamilyText,
  type IndexSections,
  type PriceColumn,
} from './index-layout'
import { decodePrice } from './price-codes'
import { STANDARD_TEXTS, standardForms, type StandardText, type TextSource } from './standard-texts'

/** A few hundred kilobytes at most. */
const MOST_KEPT_TEXTS = 4_096

/** Reads the rows of an index file; next to nothing is kept of what was read. */
export class IndexRows {
  private readonly heapText: Buffer
  /** Types, expiries, underlyings: few texts that many rows share. */
  private readonly familyTexts = new Map<number, string>()
  /** Families of another list that were compared with one of ours: the other's number times two, plus one when they say the same. */
  private compared = { other: undefined as IndexRows | undefined, families: new Float64Array(0) }

  constructor(private readonly sections: IndexSections) {
    const { heap } = sections
    this.heapText = Buffer.from(heap.buffer, heap.byteOffset, heap.byteLength)
  }

  get familyCount(): number {
    return this.sections.families.name.length
  }

  exchange(row: number): Exchange {
    return EXCHANGES[this.sections.exchanges[row] ?? 0] ?? 'NSE'
  }

  segment(row: number): Segment {
    return segmentFromNumber(this.sections.segments[row] ?? 0) ?? 'NSECM'
  }

  symbol(row: number): string {
    return this.textAt(this.sections.rows.symbol[row] ?? NONE) ?? ''
  }

  /** Company, underlying or index name. */
  name(row: number): string {
    return this.familyText('name', this.family(row)) ?? ''
  }

  /** True for an instrument that expires. */
  isContract(row: number): boolean {
    return this.sections.families.expiry[this.family(row)] !== NONE
  }

  /** Number of the family a row belongs to: rows of one have the same name, type, series, expiry and terms. */
  family(row: number): number {
    return this.sections.rows.family[row] ?? 0
  }

  familyText(column: FamilyText, family: number): string | undefined {
    const position = this.sections.families[column][family] ?? NONE
    const known = this.familyTexts.get(position)
    if (known !== undefined || position === NONE) return known
    const text = this.textAt(position)
    if (text !== undefined && this.familyTexts.size < MOST_KEPT_TEXTS) this.familyTexts.set(position, text)
    return text
  }

  price(column: PriceColumn, row: number): number | undefined {
    return decodePrice(this.sections.rows[column][row] ?? 0, this.sections.numbers)
  }

  instrument(row: number): Instrument {
    const family = this.family(row)
    const source = this.textSource(row, family)
    return {
      exchange: this.exchange(row),
      symbol: source.symbol,
      segment: source.segment,
      token: source.token,
      brokerSymbol: this.standardText('brokerSymbol', row, source) ?? '',
      name: source.name,
      instrumentType: source.instrumentType,
      expiry: source.expiry,
      strike: source.strike,
      lotSize: this.familyNumber('lotSize', family) ?? Number.NaN,
      tickSize: this.familyNumber('tickSize', family) ?? Number.NaN,
      freezeQuantity: this.familyNumber('freezeQuantity', family),
      bandLow: this.price('bandLow', row),
      bandHigh: this.price('bandHigh', row),
      multiplier: this.familyNumber('multiplier', family) ?? Number.NaN,
    }
  }

  listed(row: number): ListedInstrument {
    const family = this.family(row)
    const source = this.textSource(row, family)
    return Object.assign(this.instrument(row), {
      series: source.series,
      isin: this.familyText('isin', family),
      description: this.standardText('description', row, source),
      underlying: this.familyText('underlying', family),
      underlyingToken: this.familyNumber('underlyingToken', family),
      underlyingInstrumentId: this.familyText('underlyingInstrumentId', family),
      instrumentId: this.standardText('instrumentId', row, source),
      priceNumerator: this.familyNumber('priceNumerator', family),
      priceDenominator: this.familyNumber('priceDenominator', family),
    })
  }

  /** True when a row of another file says the same in every column. */
  hasSame(row: number, other: IndexRows, otherRow: number): boolean {
    const [ours, theirs] = [this.sections, other.sections]
    if (ours.exchanges[row] !== theirs.exchanges[otherRow]) return false
    if (ours.segments[row] !== theirs.segments[otherRow]) return false
    if (ours.rows.token[row] !== theirs.rows.token[otherRow]) return false
    if (!this.hasSameFamily(this.family(row), other, other.family(otherRow))) return false
    for (const column of PRICE_COLUMNS) {
      if (!Object.is(this.price(column, row), other.price(column, otherRow))) return false
    }
    if (!this.hasSameText(ours.rows.symbol[row], other, theirs.rows.symbol[otherRow])) return false
    return STANDARD_TEXTS.every((column) => this.hasSameStandardText(column, row, { other, otherRow }))
  }

  /** Families are few beside the rows, so each pair is compared once and remembered while the same list is compared. */
  private hasSameFamily(family: number, other: IndexRows, otherFamily: number): boolean {
    if (this.compared.other !== other) {
      this.compared = { other, families: new Float64Array(this.familyCount).fill(-1) }
    }
    const known = this.compared.families[family] ?? -1
    if (known >>> 1 === otherFamily && known >= 0) return known % 2 === 1
    const isSame = this.compareFamilies(family, other, otherFamily)
    this.compared.families[family] = otherFamily * 2 + (isSame ? 1 : 0)
    return isSame
  }

  private compareFamilies(family: number, other: IndexRows, otherFamily: number): boolean {
    const [ours, theirs] = [this.sections.families, other.sections.families]
    return (
      FAMILY_TEXTS.every((column) =>
        this.hasSameText(ours[column][family], other, theirs[column][otherFamily]),
      ) &&
      FAMILY_NUMBERS.every((column) =>
        Object.is(this.familyNumber(column, family), other.familyNumber(column, otherFamily)),
      )
    )
  }

  /** Only asked of rows whose symbols, families and strikes are the same, so the same form means the same text. */
  private hasSameStandardText(
    column: StandardText,
    row: number,
    { other, otherRow }: { other: IndexRows; otherRow: number },
  ): boolean {
    const position = this.sections.rows[column][row] ?? NONE
    const otherPosition = other.sections.rows[column][otherRow] ?? NONE
    if (position < FIRST_TEXT || otherPosition < FIRST_TEXT) return position === otherPosition
    return this.hasSameText(position, other, otherPosition)
  }

  private hasSameText(position = NONE, other: IndexRows, otherPosition = NONE): boolean {
    if (position === NONE || otherPosition === NONE) return position === otherPosition
    const { heap } = this.sections
    const otherHeap = other.sections.heap
    const length = heap[position] ?? 0
    for (let at = 0; at <= length; at += 1) {
      if (heap[position + at] !== otherHeap[otherPosition + at]) return false
    }
    return true
  }

  private textSource(row: number, family: number): TextSource {
    return {
      symbol: this.symbol(row),
      segment: this.segment(row),
      token: this.sections.rows.token[row] ?? 0,
      name: this.familyText('name', family) ?? '',
      instrumentType: this.familyText('instrumentType', family) ?? '',
      series: this.familyText('series', family) ?? '',
      expiry: this.familyText('expiry', family),
      strike: this.price('strike', row),
    }
  }

  private standardText(column: StandardText, row: number, source: TextSource): string | undefined {
    const position = this.sections.rows[column][row] ?? NONE
    if (position === NONE || position >= FIRST_TEXT) return this.textAt(position)
    return standardForms(column, source)[position - 1]
  }

  private familyNumber(column: FamilyNumber, family: number): number | undefined {
    return this.numberAt(this.sections.families[column][family] ?? NONE)
  }

  private numberAt(position: number): number | undefined {
    return position === NONE ? undefined : this.sections.numbers[position]
  }

  private textAt(position: number): string | undefined {
    if (position === NONE) return undefined
    const from = position + 1
    return this.heapText.toString('latin1', from, from + (this.heapText[position] ?? 0))
  }
}
