// eslint-disable-next-line @nx/enforce-module-boundaries -- tests may import every room, and the simulator has no alias
import type { FaultName } from '../../../tools/xts-simulator/src/index'
import { FaultDesk, type DeskOptions } from './fault-desk'

/** What our side makes of one fault of the simulator. */
export interface FaultRow {
  /** Ends the sentence that begins with the fault's name. */
  readonly behaviour: string
  readonly desk?: DeskOptions
  readonly check: (desk: FaultDesk) => Promise<void>
}

export type FaultRows = Readonly<Partial<Record<FaultName, FaultRow>>>

/** A test for each row, on a broker of its own. */
export function playRows(rows: FaultRows): void {
  it.each(Object.entries(rows).map(([name, row]) => ({ name, ...row })))(
    '$name: $behaviour',
    async ({ desk: options, check }) => {
      const desk = await FaultDesk.open(options)
      try {
        await check(desk)
      } finally {
        await desk.close()
      }
    },
  )
}
