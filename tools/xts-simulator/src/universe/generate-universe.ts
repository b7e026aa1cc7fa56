import { listCompanies } from './companies'
import { bseCashRows, nseCashRows } from './generate-cash'
import { commodityRows } from './generate-commodities'
import { bseCurrencyRows, nseCurrencyRows } from './generate-currency'
import { bseDerivativeRows, nseDerivativeRows } from './generate-derivatives'
import { KNOWN_STOCKS } from './known-stocks'
import { SegmentTable } from './segment-table'
import type { SegmentName } from './segments'
import { Universe } from './universe'
import type { UniverseSize } from './universe-size'

export type { UniverseSize } from './universe-size'

const COMPANIES: Readonly<Record<UniverseSize, number>> = { whole: 2450, small: KNOWN_STOCKS.length }

/** The last one made: tests start many simulators of the same world in one process. */
let remembered: { readonly key: string; readonly universe: Universe } | undefined

/** An exchange world of seven segments. The same seed, day and size give the same rows; `today` is `2026-11-20`. */
export function generateUniverse(seed: number, today: string, size: UniverseSize = 'whole'): Universe {
  const key = `${seed}|${today}|${size}`
  if (remembered?.key !== key) remembered = { key, universe: generate(seed, today, size) }
  return remembered.universe
}

function generate(seed: number, today: string, size: UniverseSize): Universe {
  const companies = listCompanies(seed, COMPANIES[size])
  const tables = new Map<SegmentName, SegmentTable>([
    ['NSECM', SegmentTable.fromRows(nseCashRows(companies, seed))],
    ['NSEFO', SegmentTable.fromRows(nseDerivativeRows(companies, today))],
    ['BSECM', SegmentTable.fromRows(bseCashRows(companies, seed))],
    ['BSEFO', SegmentTable.fromRows(bseDerivativeRows(today))],
    ['NSECD', SegmentTable.fromRows(nseCurrencyRows(today, size))],
    ['BSECD', SegmentTable.fromRows(bseCurrencyRows(today, size))],
    ['MCXFO', SegmentTable.fromRows(commodityRows(today, size))],
  ])
  return new Universe(tables)
}
