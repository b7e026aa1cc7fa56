import { everyDayAt } from '../time/every-day'
import type { SimClock } from '../time/sim-clock'
import { VirtualClock } from '../time/virtual-clock'
import { indianDate } from '../wire/indian-time'

/**
 * Turns the day over: in virtual time at midnight in India, by the clock of the machine with the first request behind it,
 * so that nothing vanishes from a broker that nobody asks anything.
 */
export class Midnight {
  private today: string

  constructor(
    private readonly clock: SimClock,
    private readonly turn: () => void,
  ) {
    this.today = indianDate(clock.nowMs())
  }

  begin(): void {
    if (this.clock instanceof VirtualClock) everyDayAt(this.clock, 0, () => this.look())
  }

  /** Whether it is another day by now. */
  look(): void {
    const today = indianDate(this.clock.nowMs())
    if (today === this.today) return
    this.today = today
    this.turn()
  }
}
