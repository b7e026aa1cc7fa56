import { SeededRandom } from '../seeded-random'
import { BSE_INDICES } from './indices'
import type { Company } from './known-stocks'
import { cashRow, type CashRow } from './master-rows'
import { TokenPicker } from './token-picker'

/** Debt and other series beside the shares, with how many rows each has. */
const NSE_OTHER_SERIES = [
  { series: 'SG', count: 3926, lotSize: 100, kind: 'bond' },
  { series: 'N0', count: 716, lotSize: 1, kind: 'note' },
  { series: 'SM', count: 457, lotSize: 1200, kind: 'share' },
  { series: 'MF', count: 200, lotSize: 1, kind: 'note' },
  { series: 'GS', count: 137, lotSize: 100, kind: 'bond' },
  { series: 'BE', count: 110, lotSize: 1, kind: 'share' },
  { series: 'N1', count: 109, lotSize: 1, kind: 'note' },
  { series: 'TB', count: 88, lotSize: 100, kind: 'bond' },
  { series: 'ST', count: 72, lotSize: 1600, kind: 'share' },
  { series: 'GB', count: 46, lotSize: 1, kind: 'note' },
  { series: 'BZ', count: 43, lotSize: 1, kind: 'share' },
  { series: 'N2', count: 340, lotSize: 1, kind: 'note' },
] as const

const BSE_OTHER_SERIES = [
  { series: 'F', count: 6594, lotSize: 1, kind: 'note' },
  { series: 'X', count: 1371, lotSize: 1, kind: 'share' },
  { series: 'G', count: 1094, lotSize: 1, kind: 'bond' },
  { series: 'NS', count: 574, lotSize: 1, kind: 'share' },
  { series: 'XT', count: 503, lotSize: 1, kind: 'share' },
  { series: 'M', count: 344, lotSize: 1000, kind: 'share' },
  { series: 'T', count: 110, lotSize: 1, kind: 'share' },
  { series: 'MT', count: 108, lotSize: 600, kind: 'share' },
  { series: 'Z', count: 95, lotSize: 1, kind: 'share' },
] as const

const STATES = ['KL', 'RJ', 'CG', 'TN', 'MH', 'GJ', 'UP', 'WB', 'PN', 'HR'] as const
const EXCHANGE_TEST_SYMBOLS = 18
/** BSE puts the first companies in group A, the others in B. */
const BSE_GROUP_A = 736

interface OtherSeries {
  readonly series: string
  readonly count: number
  readonly lotSize: number
  readonly kind: 'bond' | 'note' | 'share'
}

const round2 = (price: number): number => Math.round(price * 100) / 100
/** Currencies have four decimals. */
const round4 = (price: number): number => Math.round(price * 10_000) / 10_000

/** Bands of 10 percent (or another part) around the price, on the tick. */
export function bandAround(
  price: number,
  tickSize: number,
  width = 0.1,
): { bandHigh: number; bandLow: number } {
  const onTick = (rupees: number): number => round4(Math.max(1, Math.round(rupees / tickSize)) * tickSize)
  return { bandHigh: onTick(price * (1 + width)), bandLow: onTick(price * (1 - width)) }
}

/** The NSECM master: shares, bonds, notes, the small-company series and the exchange's test symbols. */
export function nseCashRows(companies: readonly Company[], seed: number): string[] {
  const rows = companies.map((company) => {
    const token = company.nseToken
    const freezeQuantity = Math.round(98_000_000 / company.price) + 1
    return shareRow(company, { segment: 'NSECM', series: 'EQ', token, freezeQuantity, surveillance: 0 })
  })
  const otherTokens = new TokenPicker(27_000, 760_000)
  for (let number = 1; number <= EXCHANGE_TEST_SYMBOLS; number++) rows.push(nseTestRow(number, otherTokens))
  for (const group of NSE_OTHER_SERIES) rows.push(...otherRows('NSECM', group, otherTokens, seed))
  return rows
}

/** The BSECM master: the same companies in groups A and B, more groups, and the indices as SPOT rows. */
export function bseCashRows(companies: readonly Company[], seed: number): string[] {
  const rows = companies.map((company, position) => {
    const token = company.bseToken
    const series = position < BSE_GROUP_A ? 'A' : 'B'
    const surveillance = series === 'A' ? 100 : 0
    return shareRow(company, { segment: 'BSECM', series, token, freezeQuantity: 0, surveillance })
  })
  const otherTokens = new TokenPicker(800_000, 999_999)
  for (const group of BSE_OTHER_SERIES) rows.push(...otherRows('BSECM', group, otherTokens, seed))
  return [...rows, ...BSE_INDICES.map((index) => spotRow(index.name, index.token))]
}

type Listing = Pick<CashRow, 'segment' | 'series' | 'token' | 'freezeQuantity' | 'surveillance'>

function shareRow(company: Company, listing: Listing): string {
  const tickSize = listing.segment === 'BSECM' && company.tickSize > 0.05 ? 0.05 : company.tickSize
  return cashRow({
    ...listing,
    ...bandAround(company.price, tickSize),
    name: company.name,
    description: `${company.name}-${listing.series}`,
    tickSize,
    lotSize: 1,
    isin: company.isin,
    company: company.company,
  })
}

function nseTestRow(number: number, tokens: TokenPicker): string {
  const name = `${String(number).padStart(2, '0')}1NSETEST`
  return cashRow({
    segment: 'NSECM',
    token: tokens.pick(name),
    name,
    description: `${name}-EQ`,
    series: 'EQ',
    bandHigh: 220,
    bandLow: 180,
    freezeQuantity: 50_000,
    tickSize: 0.05,
    lotSize: 1,
    isin: `DUMMYSAN${String(number).padStart(3, '0')}`,
    company: name,
    surveillance: 0,
  })
}

function otherRows(
  segment: 'NSECM' | 'BSECM',
  group: OtherSeries,
  tokens: TokenPicker,
  seed: number,
): string[] {
  const random = new SeededRandom(seed ^ (group.series.charCodeAt(0) * 257 + group.count))
  return Array.from({ length: group.count }, (_, position) => {
    const name = otherName(group, position, random)
    const price = otherPrice(group, random)
    const tickSize = group.kind === 'share' ? 0.05 : 0.01
    return cashRow({
      segment,
      token: tokens.pick(`${name}-${group.series}`),
      name,
      description: `${name}-${group.series}`,
      series: group.series,
      ...bandAround(price, tickSize),
      freezeQuantity: segment === 'NSECM' ? Math.round(98_000_000 / price) + 1 : 0,
      tickSize,
      lotSize: group.lotSize,
      isin: `IN${String(random.between(10_000_000, 99_999_999))}${String(position % 100).padStart(2, '0')}`,
      company: `${name} ${group.kind.toUpperCase()}`,
      surveillance: group.kind === 'share' ? 34 : 0,
    })
  })
}

/** Bonds are named by coupon, issuer and year (`771KL43`); the position keeps names unique. */
function otherName(group: OtherSeries, position: number, random: SeededRandom): string {
  if (group.kind === 'share') return `${group.series}CO${String(position).padStart(4, '0')}`
  const coupon = String(random.between(550, 1099))
  const year = String(27 + (position % 30))
  if (group.kind === 'bond') return `${coupon}${random.pick(STATES)}${year}${suffix(position)}`
  return `${coupon}NT${year}${suffix(position)}`
}

const suffix = (position: number): string => (position < 30 ? '' : position.toString(36).toUpperCase())

function otherPrice(group: OtherSeries, random: SeededRandom): number {
  if (group.kind === 'bond') return round2(92 + random.next() * 14)
  if (group.kind === 'note') return round2(900 + random.next() * 250)
  return round2(20 + random.next() * 400)
}

/** An index row exactly as the real BSE master has it: no ISIN, NaN bands, -1 indicators. */
function spotRow(name: string, token: number): string {
  const id = `111001${String(token).padStart(8, '0')}`
  return `BSECM|${token}|8|${name}|${name}-SPOT|SPOT|${name}-SPOT|${id}|NaN|NaN|0|1|1|1|${name}||1|1|${name}-SPOT|-1|-1|-1`
}
