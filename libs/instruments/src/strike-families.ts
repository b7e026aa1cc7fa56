import type { ContractDirectory } from './contract-directory'
import type { IndexFile } from './index-file'

/** Rows looked at between two pauses: less than a millisecond. */
const ROWS_PER_STEP = 5_000
const NO_FAMILIES: ReadonlySet<number> = new Set()

/** Which families of options have a strike, so that a number without a name need not be looked for in every contract. */
export class StrikeFamilies {
  private readonly byStrike = new Map<number, Set<number>>()

  private constructor() {}

  /** Of all options of a list; gives way every now and then. */
  static async of(
    list: IndexFile,
    directory: ContractDirectory,
    giveWay: () => Promise<void>,
  ): Promise<StrikeFamilies> {
    const strikes = new StrikeFamilies()
    let sincePause = 0
    for (const { families } of directory.underlyings) {
      for (const { family } of families) {
        const rows = directory.rowsOf(family)
        for (const row of rows) strikes.add(list.rows.price('strike', row), family)
        sincePause += rows.length
        if (sincePause < ROWS_PER_STEP) continue
        sincePause = 0
        await giveWay()
      }
    }
    return strikes
  }

  /** Families that have this strike, in rupees. */
  with(strike: number): ReadonlySet<number> {
    return this.byStrike.get(strike) ?? NO_FAMILIES
  }

  private add(strike: number | undefined, family: number): void {
    if (strike === undefined) return
    const families = this.byStrike.get(strike)
    if (families === undefined) this.byStrike.set(strike, new Set([family]))
    else families.add(family)
  }
}
