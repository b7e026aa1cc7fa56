import type { Exchange } from '@xts-bridge/contracts'
import { expiryNumber } from './expiry-date'
import type { IndexFile } from './index-file'
import type {
  ChainStrike,
  ExpiriesQuery,
  ListPage,
  OptionChain,
  OptionChainQuery,
  PageQuery,
  UnderlyingQuery,
} from './list-queries'

/** Where the contracts on instruments of a cash or index exchange are traded. */
const CONTRACTS_OF: Readonly<Partial<Record<Exchange, Exchange>>> = {
  NSE: 'NFO',
  NSE_INDEX: 'NFO',
  BSE: 'BFO',
  BSE_INDEX: 'BFO',
}

/** Contracts of one underlying that share expiry and type. */
export interface ContractFamily {
  readonly family: number
  /** `FUT`, `CE`, `PE` or `SPREAD`. */
  readonly instrumentType: string
  /** `26-NOV-26`. */
  readonly expiry: string
  /** `20261126`. */
  readonly expiryNumber: number
}

/** The contracts of one exchange on one name. */
export interface Underlying {
  readonly exchange: Exchange
  readonly name: string
  /** The underlying in the broker's words, where the list has them. */
  readonly brokerName: string | undefined
  /** Futures first, then options, then spreads; each by expiry. */
  readonly families: readonly ContractFamily[]
}

/** Work between two pauses, about a millisecond each. */
const ROWS_PER_STEP = 20_000
const FAMILIES_PER_STEP = 1_000
const TYPE_ORDER: readonly string[] = ['FUT', 'CE', 'PE', 'SPREAD']

/** Questions about the contracts of a list. Made of its families in some milliseconds; rows are looked at only when asked for. */
export class ContractDirectory {
  private readonly byKey = new Map<string, Underlying & { families: ContractFamily[] }>()
  /** Rows by family: those of family f are `familyRows` from `familyStarts[f]` to before `familyStarts[f + 1]`. */
  private readonly familyStarts: Uint32Array
  private readonly familyRows: Uint32Array

  private constructor(private readonly list: IndexFile) {
    this.familyStarts = new Uint32Array(list.rows.familyCount + 1)
    this.familyRows = new Uint32Array(list.count)
  }

  /** The directory of a list, at once. */
  static of(list: IndexFile): ContractDirectory {
    const directory = new ContractDirectory(list)
    for (const _ of directory.build());
    return directory
  }

  /** The same in steps of a millisecond or so; gives way after each. */
  static async inSteps(list: IndexFile, giveWay: () => Promise<void>): Promise<ContractDirectory> {
    const directory = new ContractDirectory(list)
    for (const _ of directory.build()) await giveWay()
    return directory
  }

  get underlyings(): readonly Underlying[] {
    return [...this.byKey.values()]
  }

  /** Undefined when the exchange has no contract of this name. */
  underlying({ exchange, underlying }: UnderlyingQuery): Underlying | undefined {
    return this.byKey.get(keyOf(CONTRACTS_OF[exchange] ?? exchange, underlying.trim().toUpperCase()))
  }

  /** Rows of a family, in the order of the list. */
  rowsOf(family: number): Uint32Array {
    return this.familyRows.subarray(this.familyStarts[family], this.familyStarts[family + 1])
  }

  /** `26-NOV-26`, … upwards; those that have passed too, as long as the list has them. Empty for an unknown underlying. */
  expiries(query: ExpiriesQuery): readonly string[] {
    const wanted = typesOf(query.kind)
    const found = new Map<number, string>()
    for (const family of this.underlying(query)?.families ?? []) {
      if (wanted.includes(family.instrumentType)) found.set(family.expiryNumber, family.expiry)
    }
    return [...found].sort(([a], [b]) => a - b).map(([, expiry]) => expiry)
  }

  optionChain(query: OptionChainQuery): OptionChain {
    const strikes = this.strikesOf(query)
    if (query.around === undefined) return { strikes }
    const middle = nearest(strikes, query.around)
    const atTheMoney = strikes[middle]?.strike
    if (query.strikeCount === undefined) return { atTheMoney, strikes }
    const first = Math.max(0, middle - query.strikeCount)
    return { atTheMoney, strikes: strikes.slice(first, middle + query.strikeCount + 1) }
  }

  /** Instruments by (exchange, symbol), a page at a time. */
  page({ exchange, segment, from, limit }: PageQuery): ListPage {
    const { list } = this
    const instruments = []
    const first = from ?? (exchange === undefined ? 0 : list.orderedPosition(exchange, ''))
    for (let position = first; position < list.count; position += 1) {
      const row = exchange === undefined ? list.rowInOrder(position) : list.orderedRow(exchange, position)
      if (row === undefined) break
      if (segment !== undefined && list.rows.segment(row) !== segment) continue
      if (instruments.length === limit) return { instruments, next: position }
      instruments.push(list.listedAt(row))
    }
    return { instruments }
  }

  private strikesOf(query: OptionChainQuery): readonly ChainStrike[] {
    const strikes = new Map<number, ChainStrike>()
    for (const { expiry, family, instrumentType } of this.underlying(query)?.families ?? []) {
      if (expiry !== query.expiry || (instrumentType !== 'CE' && instrumentType !== 'PE')) continue
      for (const row of this.rowsOf(family)) {
        const instrument = this.list.at(row)
        const strike = instrument.strike ?? 0
        const side = instrumentType === 'CE' ? { call: instrument } : { put: instrument }
        strikes.set(strike, { ...(strikes.get(strike) ?? { strike }), ...side })
      }
    }
    return [...strikes.values()].sort((a, b) => a.strike - b.strike)
  }

  /** Yields when it is time to give way. */
  private *build(): Generator<undefined> {
    yield* this.countFamilies()
    yield* this.placeRows()
    for (let family = 0; family < this.list.rows.familyCount; family += 1) {
      this.readFamily(family)
      if (family % FAMILIES_PER_STEP === 0) yield undefined
    }
    for (const { families } of this.byKey.values()) families.sort(byTypeAndExpiry)
  }

  private *countFamilies(): Generator<undefined> {
    const { list, familyStarts } = this
    for (let row = 0; row < list.count; row += 1) {
      const next = list.rows.family(row) + 1
      familyStarts[next] = (familyStarts[next] ?? 0) + 1
      if (row % ROWS_PER_STEP === 0) yield undefined
    }
    for (let family = 1; family < familyStarts.length; family += 1) {
      familyStarts[family] = (familyStarts[family] ?? 0) + (familyStarts[family - 1] ?? 0)
    }
  }

  private *placeRows(): Generator<undefined> {
    const { list, familyRows, familyStarts } = this
    const free = familyStarts.slice()
    for (let row = 0; row < list.count; row += 1) {
      const family = list.rows.family(row)
      const at = free[family] ?? 0
      familyRows[at] = row
      free[family] = at + 1
      if (row % ROWS_PER_STEP === 0) yield undefined
    }
  }

  private readFamily(family: number): void {
    const { rows } = this.list
    const expiry = rows.familyText('expiry', family)
    const row = this.rowsOf(family)[0]
    if (expiry === undefined || row === undefined) return
    const exchange = rows.exchange(row)
    const name = rows.familyText('name', family) ?? ''
    const instrumentType = rows.familyText('instrumentType', family) ?? ''
    const key = keyOf(exchange, name)
    const brokerName = rows.familyText('underlying', family)
    const underlying = this.byKey.get(key) ?? { exchange, name, brokerName, families: [] }
    underlying.families.push({ family, instrumentType, expiry, expiryNumber: expiryNumber(expiry) })
    this.byKey.set(key, underlying)
  }
}

function keyOf(exchange: Exchange, name: string): string {
  return `${exchange} ${name}`
}

function typesOf(kind: ExpiriesQuery['kind']): readonly string[] {
  if (kind === 'futures') return ['FUT']
  return kind === 'options' ? ['CE', 'PE'] : ['FUT', 'CE', 'PE']
}

function byTypeAndExpiry(a: ContractFamily, b: ContractFamily): number {
  return typeRank(a) - typeRank(b) || a.expiryNumber - b.expiryNumber
}

/** Calls and puts stand together. */
function typeRank({ instrumentType }: ContractFamily): number {
  return TYPE_ORDER.indexOf(instrumentType === 'PE' ? 'CE' : instrumentType)
}

/** Position of the strike nearest to a price; the lower of two. */
function nearest(strikes: readonly ChainStrike[], price: number): number {
  let best = 0
  strikes.forEach(({ strike }, position) => {
    const distance = Math.abs(strike - price)
    if (distance < Math.abs((strikes[best]?.strike ?? Infinity) - price)) best = position
  })
  return best
}
