import type { ContractDirectory } from './contract-directory'
import type { IndexFile } from './index-file'

/** Rows looked at between two pauses: less than a millisecond. */
const ROWS_PER_STEP = 1_500

/** Which families of options have a strike, so that a number without a name need not be looked for in every contract. */
export class StrikeFamilies {
  private readonly byStrike = new Map<number, number[]>()

  private asked: { readonly strike: number; readonly families: ReadonlySet<number> } | undefined

  private constructor() {}

  /** Of all options of a list; gives way every now and then. */
  static async of(
    list: IndexFile,
    directory: ContractDirectory,
    giveWay: () => Promise<void>,
  ): Promise<StrikeFamilies> {
    const strikes = new StrikeFamilies()
    await giveWay()
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
    // One search asks for the same strike again and again, once per underlying.
    if (this.asked?.strike !== strike) this.asked = { strike, families: new Set(this.byStrike.get(strike)) }
    return this.asked.families
  }

  private add(strike: number | undefined, family: number): void {
    if (strike === undefined) return
    const families = this.byStrike.get(strike)
    if (families === undefined) this.byStrike.set(strike, [family])
    // Rows come family by family.
    else if (families[families.length - 1] !== family) families.push(family)
  }
}
