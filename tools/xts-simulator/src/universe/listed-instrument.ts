import { isSegmentName, type SegmentName } from './segments'

/** InstrumentType numbers of the master. */
export const INSTRUMENT_TYPE = { future: 1, option: 2, spread: 4, equity: 8, index: 16 } as const
/** OptionType numbers of the master. */
export const OPTION_TYPE = { call: 3, put: 4 } as const

/** One row of the master, as far as trading and ticking need it. Prices in rupees. */
export interface ListedInstrument {
  readonly segment: SegmentName
  readonly token: number
  readonly instrumentType: number
  readonly name: string
  readonly description: string
  readonly series: string
  readonly bandHigh: number
  readonly bandLow: number
  readonly freezeQuantity: number
  readonly tickSize: number
  readonly lotSize: number
  readonly multiplier: number
  readonly displayName: string
  readonly isIndex: boolean
  /** Of shares and bonds, where the row has it. */
  readonly isin?: string | undefined
  /** InstrumentID of the underlying; "-1" for an index; undefined in cash. */
  readonly underlyingId?: string | undefined
  readonly underlyingName?: string | undefined
  /** `2026-11-24`. */
  readonly expiryDate?: string | undefined
  /** The expiry as the row writes it, `2026-11-24T14:30:00`. */
  readonly contractExpiration?: string | undefined
  readonly strike?: number | undefined
  readonly optionType?: number | undefined
}

/** Columns 1-14 are the same in every version of the format; the rest depends on the instrument type. */
const COMMON_COLUMNS = 14

/** Reads one row in any known layout (22/23/21 columns, or the older short ones); undefined when it is no instrument. */
export function parseMasterRow(row: string): ListedInstrument | undefined {
  const columns = row.split('|')
  const [segment, token, type] = [columns[0], Number(columns[1]), Number(columns[2])]
  if (columns.length < COMMON_COLUMNS || !isSegmentName(segment)) return undefined
  if (!Number.isSafeInteger(token) || token <= 0 || !Number.isInteger(type)) return undefined
  const shared = readSharedColumns(columns, segment, token)
  if (type === INSTRUMENT_TYPE.option) return { ...shared, instrumentType: type, ...readOptionTail(columns) }
  if (type === INSTRUMENT_TYPE.future || type === INSTRUMENT_TYPE.spread) {
    return { ...shared, instrumentType: type, ...readFutureTail(columns) }
  }
  const isIndex = type === INSTRUMENT_TYPE.index || shared.series === 'SPOT'
  const isin = columns[15] || undefined
  return { ...shared, instrumentType: type, displayName: columns[14] || shared.name, isIndex, isin }
}

type SharedColumns = Omit<ListedInstrument, 'instrumentType'>

function readSharedColumns(columns: readonly string[], segment: SegmentName, token: number): SharedColumns {
  return {
    segment,
    token,
    name: columns[3] ?? '',
    description: columns[4] ?? '',
    series: columns[5] ?? '',
    bandHigh: Number(columns[8]),
    bandLow: Number(columns[9]),
    freezeQuantity: Number(columns[10]) || 0,
    tickSize: Number(columns[11]) || 0.05,
    lotSize: Number(columns[12]) || 1,
    multiplier: Number(columns[13]) || 1,
    displayName: columns[4] ?? '',
    isIndex: false,
  }
}

function readOptionTail(columns: readonly string[]): Partial<ListedInstrument> {
  return {
    underlyingId: columns[14],
    underlyingName: columns[15],
    expiryDate: columns[16]?.slice(0, 10),
    contractExpiration: columns[16],
    strike: Number(columns[17]),
    optionType: Number(columns[18]),
    displayName: columns[19] || columns[4] || '',
  }
}

function readFutureTail(columns: readonly string[]): Partial<ListedInstrument> {
  return {
    underlyingId: columns[14],
    underlyingName: columns[15],
    expiryDate: columns[16]?.slice(0, 10),
    contractExpiration: columns[16],
    displayName: columns[17] || columns[4] || '',
  }
}
