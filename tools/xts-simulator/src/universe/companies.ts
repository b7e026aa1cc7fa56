import { SeededRandom } from '../seeded-random'
import { KNOWN_STOCKS, type Company } from './known-stocks'
import { TokenPicker } from './token-picker'

const SYLLABLES = [
  'AR', 'BHA', 'CHE', 'DEV', 'ESK', 'FIN', 'GAN', 'HIM', 'IND', 'JAY', 'KAL', 'LAX', 'MAN', 'NAV', 'ORI', 'PRA',
  'RAJ', 'SHR', 'TAR', 'UMA', 'VIJ', 'WEL', 'ZEN', 'SUR', 'KIR', 'MET',
] as const // prettier-ignore
const TRADES = ['IND', 'TEC', 'FIN', 'PHA', 'STL', 'CEM', 'AGR', 'TEX', 'PWR', 'LOG'] as const
const TRADE_WORDS = [
  'INDUSTRIES', 'TECHNOLOGIES', 'FINANCE', 'PHARMA', 'STEEL', 'CEMENTS', 'AGRO', 'TEXTILES', 'POWER', 'LOGISTICS',
] as const // prettier-ignore

/** The invented companies with derivatives come first, right behind the real ones. */
const INVENTED_WITH_CONTRACTS = 190

/** All listed companies: the well-known ones, then invented ones that stay the same for a seed. */
export function listCompanies(seed: number, count: number): Company[] {
  const random = new SeededRandom(seed)
  const names = new Set(KNOWN_STOCKS.map((stock) => stock.name))
  const companies: Company[] = [...KNOWN_STOCKS]
  const tokens = { nse: new TokenPicker(100, 25_999), bse: new TokenPicker(500_000, 544_999) }
  for (const stock of KNOWN_STOCKS) {
    tokens.nse.reserve(stock.nseToken)
    tokens.bse.reserve(stock.bseToken)
  }
  for (let made = 0; companies.length < count; made++) {
    const company = inventCompany(random, names, made < INVENTED_WITH_CONTRACTS)
    companies.push({
      ...company,
      nseToken: tokens.nse.pick(company.name),
      bseToken: tokens.bse.pick(company.name),
    })
  }
  return companies
}

type TokenlessCompany = Omit<Company, 'nseToken' | 'bseToken'>

function inventCompany(random: SeededRandom, names: Set<string>, hasContracts: boolean): TokenlessCompany {
  const [name, company] = inventName(random, names)
  const price = inventPrice(random)
  return {
    name,
    price,
    tickSize: tickFor(price),
    contractLot: hasContracts ? contractLotFor(price) : undefined,
    isin: inventIsin(random),
    company,
  }
}

function inventName(random: SeededRandom, names: Set<string>): [string, string] {
  const trade = random.between(0, TRADES.length - 1)
  const stem = random.pick(SYLLABLES) + random.pick(SYLLABLES)
  let name = `${stem}${TRADES[trade] ?? ''}`
  for (let number = 2; names.has(name); number++) name = `${stem}${TRADES[trade] ?? ''}${number}`
  names.add(name)
  return [name, `${stem} ${TRADE_WORDS[trade] ?? ''} LIMITED`]
}

/** Prices spread evenly over the orders of magnitude, from 15 to 6,000 rupees. */
function inventPrice(random: SeededRandom): number {
  const price = Math.exp(Math.log(15) + random.next() * Math.log(400))
  return Math.round(price * 20) / 20
}

/** A valid-looking share ISIN; the check digit is not computed, as nobody here checks it. */
function inventIsin(random: SeededRandom): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
  const body = Array.from({ length: 4 }, () => letters.charAt(random.between(0, 25))).join('')
  return `INE${random.between(100, 999)}${body.charAt(0)}01${String(random.between(1, 99)).padStart(2, '0')}${random.between(0, 9)}`
}

export function tickFor(price: number): number {
  if (price < 250) return 0.01
  if (price < 1000) return 0.05
  if (price < 5000) return 0.1
  if (price < 10_000) return 0.5
  return price < 20_000 ? 1 : 5
}

/** A contract is worth roughly seven lakh rupees and its size is a multiple of 25. */
function contractLotFor(price: number): number {
  return Math.max(25, Math.round(700_000 / price / 25) * 25)
}
