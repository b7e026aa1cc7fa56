import { listCompanies } from './companies'
import { bseCashRows, nseCashRows } from './generate-cash'
import { bseDerivativeRows, nseDerivativeRows } from './generate-derivatives'
import { SegmentTable } from './segment-table'
import type { SegmentName } from './segments'
import { Universe } from './universe'

const COMPANIES = 2450

/** A whole exchange world of more than 100,000 instruments. The same seed and day give the same rows; `today` is `2026-11-20`. */
export function generateUniverse(seed: number, today: string): Universe {
  const companies = listCompanies(seed, COMPANIES)
  const tables = new Map<SegmentName, SegmentTable>([
    ['NSECM', SegmentTable.fromRows(nseCashRows(companies, seed))],
    ['NSEFO', SegmentTable.fromRows(nseDerivativeRows(companies, today))],
    ['BSECM', SegmentTable.fromRows(bseCashRows(companies, seed))],
    ['BSEFO', SegmentTable.fromRows(bseDerivativeRows(today))],
  ])
  return new Universe(tables)
}
