import { SEGMENTS, type Segment } from '@xts-bridge/contracts'

/** Master rows of one segment, made up in the broker's layout of 2026; the same at each call. */
export interface MadeSegment {
  readonly segment: Segment
  readonly rows: readonly string[]
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const
const WEEKS = '123456789OND'
const FIRST_EXPIRY_MS = Date.UTC(2026, 10, 24)
const DAY_MS = 86_400_000
const STOCKS = 210
/** Syllables: any five make a name that no other five make. */
const SYLLABLES = [
  'BA',
  'RE',
  'LI',
  'TO',
  'SU',
  'KA',
  'NI',
  'MO',
  'VE',
  'PA',
  'JI',
  'DO',
  'SHA',
  'GU',
  'TE',
  'RI',
]
const TRADES = [
  'INDUSTRIES',
  'STEEL',
  'FINANCE',
  'CHEMICALS',
  'POWER',
  'TEXTILES',
  'PHARMA',
  'INFRA',
  'FOODS',
]

/** 150,000 rows in the proportions of a real morning: most are options of NSE. */
export function madeMaster(): readonly MadeSegment[] {
  return [
    { segment: 'NSECM', rows: cashRows('NSECM', 9_000) },
    { segment: 'BSECM', rows: cashRows('BSECM', 13_500) },
    { segment: 'NSEFO', rows: [...contractRows('NSEFO', nseUnderlyings())] },
    {
      segment: 'BSEFO',
      rows: [...contractRows('BSEFO', [index('SENSEX', 84_000, 180), index('BANKEX', 62_000, 180)])],
    },
    { segment: 'NSECD', rows: [...contractRows('NSECD', currencies())] },
    { segment: 'MCXFO', rows: [...contractRows('MCXFO', commodities())] },
  ]
}

interface Underlying {
  readonly name: string
  readonly price: number
  readonly step: number
  readonly strikes: number
  readonly expiries: number
}

const index = (name: string, price: number, strikes: number): Underlying => ({
  name,
  price,
  step: 100,
  strikes,
  expiries: 7,
})

function nseUnderlyings(): readonly Underlying[] {
  const stocks = Array.from({ length: STOCKS }, (_, at) => ({
    name: nameOf(at),
    price: 100 + at * 17,
    step: 5,
    strikes: 82,
    expiries: 3,
  }))
  return [
    index('NIFTY', 24_500, 300),
    index('BANKNIFTY', 52_000, 300),
    index('FINNIFTY', 23_900, 200),
    ...stocks,
  ]
}

function currencies(): readonly Underlying[] {
  return ['USDINR', 'EURINR', 'GBPINR', 'JPYINR'].map((name) => ({
    name,
    price: 84,
    step: 0.25,
    strikes: 100,
    expiries: 12,
  }))
}

function commodities(): readonly Underlying[] {
  return ['GOLD', 'SILVER', 'CRUDEOIL', 'NATURALGAS', 'COPPER'].map((name) => ({
    name,
    price: 70_000,
    step: 100,
    strikes: 60,
    expiries: 4,
  }))
}

function nameOf(number: number): string {
  let name = ''
  for (let rest = number + SYLLABLES.length ** 2; rest > 0; rest = Math.floor(rest / SYLLABLES.length)) {
    name += SYLLABLES[rest % SYLLABLES.length] ?? ''
  }
  return name
}

function cashRows(segment: 'NSECM' | 'BSECM', count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => {
    const name = nameOf(at)
    const token = (segment === 'NSECM' ? 1 : 500_000) + at
    const series = seriesOf(segment, at)
    const coded = `${name}-${series}`
    const price = 100 + at * 17
    const company = `${name.slice(0, 4)} ${name.slice(4)} ${TRADES[at % TRADES.length] ?? ''} LTD`
    const isin = `INE${String(at).padStart(6, '0')}${segment === 'NSECM' ? '01' : '02'}${at % 10}`
    return `${segment}|${token}|8|${name}|${coded}|${series}|${coded}|${idOf(segment, '1001', token)}|${round(price * 1.1)}|${round(price * 0.9)}|${10_000 + at}|0.05|1|1|${name}|${isin}|1|1|${company}-${series}|0|-1|-1`
  })
}

function seriesOf(segment: 'NSECM' | 'BSECM', at: number): string {
  if (segment === 'BSECM') return 'A'
  return at % 4 === 3 ? 'BE' : 'EQ'
}

function* contractRows(segment: Segment, underlyings: readonly Underlying[]): Generator<string> {
  let token = 35_000
  for (const underlying of underlyings) {
    for (let expiry = 0; expiry < underlying.expiries; expiry += 1) {
      const date = new Date(FIRST_EXPIRY_MS + expiry * 7 * DAY_MS)
      yield futureRow({ segment, underlying, date, token: (token += 1) })
      for (let strike = 0; strike < underlying.strikes; strike += 1) {
        const price = round(underlying.price * 0.6 + strike * underlying.step)
        yield optionRow({ segment, underlying, date, token: (token += 1) }, price, 'CE')
        yield optionRow({ segment, underlying, date, token: (token += 1) }, price, 'PE')
      }
    }
  }
}

interface Contract {
  readonly segment: Segment
  readonly underlying: Underlying
  readonly date: Date
  readonly token: number
}

function futureRow(contract: Contract): string {
  const { name, price } = contract.underlying
  const description = `${codeOf(contract)}FUT`
  const [day, expires] = daysOf(contract.date)
  return `${head(contract, '1', description, price)}|-1|${name}|${expires}|${name} ${day}|1|1|${description}`
}

function optionRow(contract: Contract, strike: number, right: 'CE' | 'PE'): string {
  const { name } = contract.underlying
  const description = `${codeOf(contract)}${strike}${right}`
  const [day, expires] = daysOf(contract.date)
  const type = right === 'CE' ? 3 : 4
  return `${head(contract, '2', description, 10 + (contract.token % 997) / 20)}|-1|${name}|${expires}|${strike}|${type}|${name} ${day} ${right} ${strike}|1|1|${description}`
}

/** The fourteen columns that never moved. */
function head(
  { segment, underlying, date, token }: Contract,
  type: '1' | '2',
  description: string,
  price: number,
): string {
  const series = type === '1' ? 'FUTIDX' : 'OPTIDX'
  const dayOfYear = (date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS + 1
  const code = `${date.getUTCFullYear() % 10}${String(dayOfYear).padStart(3, '0')}`
  const id = idOf(segment, code, token)
  const { name } = underlying
  return `${segment}|${token}|${type}|${name}|${description}|${series}|${name}-${series}|${id}|${round(price * 1.5)}|0.05|1801|0.05|65|1`
}

function codeOf({ underlying, date }: Contract): string {
  const year = String(date.getUTCFullYear()).slice(2)
  return `${underlying.name}${year}${WEEKS.charAt(date.getUTCMonth())}${String(date.getUTCDate()).padStart(2, '0')}`
}

/** `24NOV2026` and `2026-11-24T14:30:00`. */
function daysOf(date: Date): readonly [string, string] {
  const iso = date.toISOString().slice(0, 10)
  const month = MONTHS[date.getUTCMonth()] ?? ''
  return [`${iso.slice(8)}${month}${iso.slice(0, 4)}`, `${iso}T14:30:00`]
}

function idOf(segment: Segment, code: string, token: number): string {
  return `${SEGMENTS[segment]}${code}${String(token).padStart(8, '0')}`
}

function round(price: number): number {
  return Math.round(price * 100) / 100
}
