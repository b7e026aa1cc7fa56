import type { ListedInstrument } from '@xts-bridge/contracts'
import {
  FAMILY_COLUMNS,
  FIRST_TEXT,
  NONE,
  type FamilyNumber,
  type FamilyText,
  type IndexSections,
} from './index-layout'

/** Printable ASCII, as the broker sends; one length byte limits each text to 255 characters. */
const STORABLE_TEXT = /^[\x20-\x7e]{1,255}$/

/** Texts one after the other, each with its length before it. */
export class TextHeap {
  private readonly positions = new Map<string, number>()
  private bytes: Buffer
  private size: number

  /** `begun`: texts that stay where they are, as another file has them. */
  constructor(begun?: Uint8Array) {
    this.size = begun?.length ?? FIRST_TEXT
    this.bytes = Buffer.alloc(this.size + (1 << 20))
    if (begun !== undefined) this.bytes.set(begun)
  }

  get length(): number {
    return this.size
  }

  /** Stores a text that others may share once. Throws for one that cannot be stored. */
  positionOf(text: string | undefined): number {
    if (text === undefined) return NONE
    const known = this.positions.get(text)
    if (known !== undefined) return known
    const position = this.append(text)
    this.positions.set(text, position)
    return position
  }

  /** Stores the symbol of one row behind its exchange's number. Throws for one that cannot be stored. */
  appendSymbol(exchangeNumber: number, symbol: string, isShared: boolean): number {
    this.makeRoom(1)
    this.bytes[this.size] = exchangeNumber
    this.size += 1
    const position = this.append(symbol)
    if (isShared) this.positions.set(symbol, position)
    return position
  }

  writeTo(heap: Uint8Array): void {
    heap.set(this.bytes.subarray(0, this.size))
  }

  private append(text: string): number {
    if (!STORABLE_TEXT.test(text)) {
      throw new Error(
        `The text ${JSON.stringify(text)} cannot be stored: it must be 1 to 255 printable characters.`,
      )
    }
    this.makeRoom(1 + text.length)
    const position = this.size
    this.size += 1 + text.length
    this.bytes[position] = text.length
    this.bytes.write(text, position + 1, 'latin1')
    return position
  }

  private makeRoom(bytes: number): void {
    if (this.size + bytes > this.bytes.length) this.bytes = Buffer.concat([this.bytes], this.bytes.length * 2)
  }
}

/** Numbers stored once each. */
export class NumberPool {
  private readonly positions = new Map<number, number>()
  private negativeZero: number = NONE
  private readonly values: number[]

  /** `begun`: numbers that stay where they are. */
  constructor(begun: ArrayLike<number> = [Number.NaN]) {
    this.values = Array.from(begun)
    for (let at = 1; at < this.values.length; at += 1) this.remember(this.values[at] ?? Number.NaN, at)
  }

  get count(): number {
    return this.values.length
  }

  positionOf(value: number | undefined): number {
    if (value === undefined || Number.isNaN(value)) return NONE
    const known = Object.is(value, -0) ? this.negativeZero : (this.positions.get(value) ?? NONE)
    if (known !== NONE) return known
    const position = this.values.length
    this.remember(value, position)
    this.values.push(value)
    return position
  }

  private remember(value: number, position: number): void {
    if (Object.is(value, -0)) this.negativeZero = position
    else this.positions.set(value, position)
  }

  writeTo(numbers: Float64Array): void {
    numbers.set(this.values)
  }
}

/** The families of a list, each once, their columns already positions in the two pools. */
export class FamilyTable {
  private readonly byKey = new Map<string, number>()
  private readonly columns: readonly number[][]
  private size: number

  /** `begun`: families that keep their numbers; their columns are positions in pools that begin with the same file. */
  constructor(
    private readonly texts: TextHeap,
    private readonly numbers: NumberPool,
    begun?: IndexSections['families'],
  ) {
    this.columns = FAMILY_COLUMNS.map((column): number[] => Array.from(begun?.[column] ?? []))
    this.size = this.columns[0]?.length ?? 0
  }

  get count(): number {
    return this.size
  }

  /** Says that a family the table began with is the one of this instrument. */
  know(instrument: ListedInstrument, family: number): void {
    this.byKey.set(keyOf(instrument), family)
  }

  familyOf(instrument: ListedInstrument): number {
    const key = keyOf(instrument)
    const known = this.byKey.get(key)
    if (known !== undefined) return known
    const family = this.size
    this.size += 1
    this.byKey.set(key, family)
    FAMILY_COLUMNS.forEach((column, at) => {
      const value = instrument[column]
      const position =
        typeof value === 'number' ? this.numbers.positionOf(value) : this.texts.positionOf(value)
      this.columns[at]?.push(position)
    })
    return family
  }

  writeTo(families: Readonly<Record<FamilyText | FamilyNumber, Uint32Array>>): void {
    FAMILY_COLUMNS.forEach((column, at) => families[column].set(this.columns[at] ?? []))
  }
}

/** A line break is in no text that can be stored. */
function keyOf(one: ListedInstrument): string {
  const texts = `${one.exchange}\n${one.segment}\n${one.name}\n${one.instrumentType}\n${one.series}\n${one.expiry ?? ''}\n${one.isin ?? ''}\n${one.underlying ?? ''}\n${one.underlyingInstrumentId ?? ''}`
  return `${texts}\n${one.lotSize}\n${one.tickSize}\n${one.freezeQuantity ?? ''}\n${one.multiplier}\n${one.priceNumerator ?? ''}\n${one.priceDenominator ?? ''}\n${one.underlyingToken ?? ''}`
}
