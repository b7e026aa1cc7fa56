import { hashOf } from '../seeded-random'
import type { ListedInstrument } from './listed-instrument'

/** An index with its token and a level to start from. */
export interface IndexEntry {
  readonly name: string
  readonly token: number
  readonly level: number
}

/** NSE indices are not in the master; the index list names them. */
export const NSE_INDICES: readonly IndexEntry[] = [
  { name: 'NIFTY 50', token: 26000, level: 25700 },
  { name: 'NIFTY BANK', token: 26001, level: 58000 },
  { name: 'INDIA VIX', token: 26002, level: 12.4 },
  { name: 'NIFTY IT', token: 26003, level: 36400 },
  { name: 'NIFTY 100', token: 26004, level: 26300 },
  { name: 'NIFTY MIDCAP 50', token: 26005, level: 17000 },
  { name: 'NIFTY REALTY', token: 26009, level: 940 },
  { name: 'NIFTY PHARMA', token: 26014, level: 22300 },
  { name: 'NIFTY PSE', token: 26015, level: 9900 },
  { name: 'NIFTY MIDCAP 100', token: 26017, level: 60200 },
  { name: 'NIFTY 500', token: 26019, level: 23600 },
  { name: 'NIFTY PSU BANK', token: 26027, level: 8100 },
  { name: 'NIFTY FIN SERVICE', token: 26034, level: 27300 },
  { name: 'NIFTY METAL', token: 26036, level: 10400 },
  { name: 'NIFTY FMCG', token: 26041, level: 55600 },
  { name: 'NIFTY NEXT 50', token: 26054, level: 69800 },
  { name: 'NIFTY MID SELECT', token: 26121, level: 13600 },
]

/** BSE indices are rows of series SPOT in the BSECM master. */
export const BSE_INDICES: readonly IndexEntry[] = [
  { name: 'SENSEX', token: 26065, level: 83800 },
  { name: 'SNSX50', token: 26067, level: 26600 },
  { name: '100', token: 26069, level: 27100 },
  { name: 'BSE500', token: 26070, level: 37200 },
  { name: 'MID150', token: 26073, level: 16700 },
  { name: 'BSE IT', token: 26074, level: 35800 },
  { name: 'POWER', token: 26085, level: 6700 },
  { name: 'MIDCAP', token: 26088, level: 46900 },
  { name: 'REALTY', token: 26089, level: 7400 },
  { name: 'AUTO', token: 26094, level: 60500 },
  { name: 'METAL', token: 26100, level: 34200 },
  { name: 'SMLCAP', token: 26106, level: 53100 },
  { name: 'OILGAS', token: 26107, level: 28400 },
  { name: 'BANKEX', token: 26118, level: 64900 },
  { name: 'SNXT50', token: 26111, level: 87600 },
]

/** The level of an index by the spelling of its list or of a contract's underlying column ("Nifty 50"). */
export function indexLevel(name: string): number {
  const wanted = name.toUpperCase()
  const known = [...NSE_INDICES, ...BSE_INDICES].find((index) => index.name === wanted)
  return known?.level ?? 1000 + (hashOf(wanted) % 50_000)
}

/** An NSE index as something that ticks: no band, no lot, nothing to trade. */
export function nseIndexInstrument(index: IndexEntry): ListedInstrument {
  return {
    segment: 'NSECM',
    token: index.token,
    instrumentType: 16,
    name: index.name,
    description: `${index.name}-SPOT`,
    series: 'SPOT',
    bandHigh: 0,
    bandLow: 0,
    freezeQuantity: 0,
    tickSize: 0.05,
    lotSize: 1,
    multiplier: 1,
    displayName: index.name,
    isIndex: true,
  }
}

/** The row of gateways that list their indices in the NSECM master; the display name is a word of theirs. */
export function nseIndexRow({ name, token }: IndexEntry): string {
  const id = `11001${String(token).padStart(8, '0')}`
  return `NSECM|${token}|16|${name}|${name}-SPOT|SPOT|${name}-SPOT|${id}|0|0|0|0.05|1|1|undefined|${name}|1|1|${name}-SPOT|-1|-1|-1`
}
