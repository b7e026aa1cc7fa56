import { SEGMENTS, type Exchange, type ListedInstrument, type Segment } from '@xts-bridge/contracts'
import fc from 'fast-check'

/** A row of the master, and the instrument that the broker's documents say it is. */
export interface MadeRow {
  readonly row: string
  readonly instrument: ListedInstrument
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const
const EXCHANGE: Readonly<Record<Segment, Exchange>> = {
  NSECM: 'NSE',
  NSEFO: 'NFO',
  NSECD: 'CDS',
  BSECM: 'BSE',
  BSEFO: 'BFO',
  BSECD: 'BCD',
  MCXFO: 'MCX',
}

const capitals = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXY'), minLength, maxLength })
/** Names may have digits, blanks and signs, and may end in digits as SENSEX50 does. */
const nameText = fc
  .tuple(capitals(1, 8), fc.constantFrom('', '&B', '-A', '50', '.C', '$'))
  .map(([start, end]) => start + end)
const token = fc.integer({ min: 1, max: 99_999_999 })
/** Ten-thousandths of a rupee as rupees. */
const price = (most: number): fc.Arbitrary<number> =>
  fc.integer({ min: 1, max: most * 10_000 }).map((units) => units / 10_000)
const bands = fc.tuple(price(1_000), price(1_000)).map(([low, width]) => ({ low, high: sum(low, width) }))
const terms = fc.record({
  lotSize: fc.integer({ min: 1, max: 100_000 }),
  tickSize: fc.constantFrom(0.0001, 0.0025, 0.01, 0.05, 0.1, 1, 5),
  multiplier: fc.constantFrom(1, 10, 100, 1000, 79_743.3, 589.3),
  band: fc.option(bands, { nil: undefined }),
  freeze: fc.integer({ min: 2, max: 100_000 }),
  isNew: fc.boolean(),
})
type Terms = typeof terms extends fc.Arbitrary<infer T> ? T : never

const expiry = fc
  .date({ min: new Date(Date.UTC(2022, 0, 1)), max: new Date(Date.UTC(2034, 11, 31)), noInvalidDate: true })
  .map((date) => {
    const iso = date.toISOString().slice(0, 10)
    const year = date.getUTCFullYear()
    const day = iso.slice(8)
    const month = MONTHS[date.getUTCMonth()] ?? 'JAN'
    const dayOfYear = Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1
    return { iso, day, month, year: String(year), code: `${year % 10}${String(dayOfYear).padStart(3, '0')}` }
  })
type MadeExpiry = typeof expiry extends fc.Arbitrary<infer T> ? T : never
/** Each exchange writes another time of day, which means nothing. */
const expiryTime = fc.constantFrom('T14:30:00', 'T00:00:00', 'T23:30:00', 'T23:59:59')

/** An equity, bond or fund, in the layout of 2026 or of 2022. */
export const cashRow: fc.Arbitrary<MadeRow> = fc
  .record({
    segment: fc.constantFrom<Segment>('NSECM', 'BSECM'),
    series: fc.constantFrom('EQ', 'BE', 'SM', 'SG', 'A', 'F', 'N0'),
    type: fc.constantFrom('8', '32', '64', '128', '256', '512'),
    name: nameText,
    token,
    terms,
  })
  .map(({ segment, series, type, name, token: number, terms: made }) => {
    const coded = `${name}-${series}`
    const id = `${SEGMENTS[segment]}1001${eight(number)}`
    const head = [segment, number, type, name, coded, series, coded, id, ...termFields(made)]
    const tail = [`${name}D`, 'INE002A01018', 1, 2, `COMPANY ${name}-${series}`, 0, -1, -1]
    return {
      row: [...head, ...(made.isNew ? tail : [])].join('|'),
      instrument: {
        ...instrumentOf(segment, number, made),
        symbol: segment === 'NSECM' && series !== 'EQ' ? coded : name,
        brokerSymbol: made.isNew ? `${name}D` : name,
        name: made.isNew ? `COMPANY ${name}` : name,
        instrumentType: series,
        series,
        description: coded,
        instrumentId: id,
        isin: made.isNew ? 'INE002A01018' : undefined,
        ...priceUnits(made),
      },
    }
  })

/** A future, option or spread of any derivatives segment, in the layouts of 2026 and 2022. */
export const contractRow: fc.Arbitrary<MadeRow> = fc
  .record({
    segment: fc.constantFrom<Segment>('NSEFO', 'NSECD', 'BSEFO', 'BSECD', 'MCXFO'),
    kind: fc.constantFrom('FUT', 'CE', 'PE', 'SPREAD'),
    name: nameText,
    token,
    terms,
    expiry,
    time: expiryTime,
    strike: fc.oneof(price(1_000), fc.integer({ min: 1, max: 200_000 })),
    underlyingToken: fc.option(token, { nil: undefined }),
    underlying: fc.constantFrom('', 'Nifty 50', 'SNSX50'),
  })
  .map((made) => (made.kind === 'SPREAD' ? spreadRow(made) : singleRow(made)))

interface MadeContract {
  readonly segment: Segment
  readonly kind: string
  readonly name: string
  readonly token: number
  readonly terms: Terms
  readonly expiry: MadeExpiry
  readonly time: string
  readonly strike: number
  readonly underlyingToken: number | undefined
  readonly underlying: string
}

function singleRow(made: MadeContract): MadeRow {
  const { day, month, year } = made.expiry
  const isOption = made.kind !== 'FUT'
  const end = isOption ? `${made.strike}${made.kind}` : 'FUT'
  const displayName = isOption
    ? `${made.name} ${day}${month}${year} ${made.kind} ${made.strike}`
    : `${made.name} ${day}${month}${year}`
  return contract(made, {
    symbol: `${made.name}${day}${month}${year.slice(2)}${end}`,
    description: `${made.name}${year.slice(2)}${month}${end}`,
    displayName,
    code: made.expiry.code,
    type: isOption ? '2' : '1',
    optionFields: isOption ? [made.strike, made.kind === 'CE' ? 3 : 4] : [],
  })
}

function spreadRow(made: MadeContract): MadeRow {
  const { day, month, year } = made.expiry
  const displayName = `${made.name} ${day}${month}28ZZZ SPD`
  const legs = `${made.name}${year.slice(2)}${month}${year.slice(2)}ZZZ`
  return contract(made, {
    symbol: made.terms.isNew ? displayName.replaceAll(' ', '') : `${legs}SPD`,
    description: `${legs}FUT`,
    displayName,
    code: '1001',
    type: '4',
    optionFields: [],
  })
}

interface ContractTexts {
  readonly symbol: string
  readonly description: string
  readonly displayName: string
  readonly code: string
  readonly type: '1' | '2' | '4'
  readonly optionFields: readonly number[]
}

function contract(made: MadeContract, texts: ContractTexts): MadeRow {
  const { segment, name, terms: t, underlyingToken } = made
  const { day, month, year } = made.expiry
  const underlyingId = underlyingToken === undefined ? '-1' : `11001${eight(underlyingToken)}`
  const id = `${SEGMENTS[segment]}${texts.code}${eight(made.token)}`
  const { description } = texts
  const head = [
    segment,
    made.token,
    texts.type,
    name,
    description,
    'SER',
    `${name}-SER`,
    id,
    ...termFields(t),
  ]
  const middle = [underlyingId, made.underlying, made.expiry.iso + made.time, ...texts.optionFields]
  const tail = t.isNew ? [texts.displayName, 1, 2, description] : []
  return {
    row: [...head, ...middle, ...tail].join('|'),
    instrument: {
      ...instrumentOf(segment, made.token, t),
      symbol: texts.symbol,
      brokerSymbol: t.isNew ? texts.displayName : description,
      name,
      instrumentType: made.kind,
      expiry: `${day}-${month}-${year.slice(2)}`,
      strike: texts.type === '2' ? made.strike : undefined,
      series: 'SER',
      description,
      instrumentId: id,
      underlying: made.underlying || undefined,
      underlyingToken,
      underlyingInstrumentId: underlyingToken === undefined ? undefined : underlyingId,
      ...priceUnits(t),
    },
  }
}

function instrumentOf(
  segment: Segment,
  number: number,
  made: Terms,
): Pick<
  ListedInstrument,
  | 'exchange'
  | 'segment'
  | 'token'
  | 'lotSize'
  | 'tickSize'
  | 'multiplier'
  | 'freezeQuantity'
  | 'bandLow'
  | 'bandHigh'
> {
  return {
    exchange: EXCHANGE[segment],
    segment,
    token: number,
    lotSize: made.lotSize,
    tickSize: made.tickSize,
    multiplier: made.multiplier,
    freezeQuantity: largestOrder(segment, made.freeze),
    bandLow: made.band?.low,
    bandHigh: made.band?.high,
  }
}

/** NSE states one more than the largest order; BSE and MCX state it, or one more, which then ends in 1; BSE cash states it. */
function largestOrder(segment: Segment, stated: number): number {
  if (segment.startsWith('NSE')) return stated - 1
  if (segment === 'BSECM') return stated
  return String(stated).endsWith('1') ? stated - 1 : stated
}

/** High and low band, freeze, tick, lot and multiplier, the last with what floating point leaves behind. */
function termFields({ band, freeze, tickSize, lotSize, multiplier }: Terms): readonly (string | number)[] {
  const leftover = multiplier === 589.3 ? '589.3000000000001' : multiplier
  return [band?.high ?? 'NaN', band?.low ?? 'NaN', freeze, tickSize, lotSize, leftover]
}

function priceUnits({ isNew }: Terms): Pick<ListedInstrument, 'priceNumerator' | 'priceDenominator'> {
  return isNew ? { priceNumerator: 1, priceDenominator: 2 } : {}
}

function sum(a: number, b: number): number {
  return Math.round((a + b) * 10_000) / 10_000
}

function eight(number: number): string {
  return String(number).padStart(8, '0')
}
