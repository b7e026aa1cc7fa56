import { everyDayAt } from '../time/every-day'
import type { SimClock } from '../time/sim-clock'
import type { StateLog } from '../state-log'
import type { SessionRegistry } from './session-registry'

/** Ends every session once a day, as brokers do overnight; `at` is a time in India like `03:00`, undefined is never. */
export function resetSessionsDaily(
  at: string | undefined,
  o: { readonly sessions: SessionRegistry; readonly clock: SimClock; readonly log: StateLog },
): void {
  if (at === undefined) return
  const [hours = 0, minutes = 0] = at.split(':').map(Number)
  everyDayAt(o.clock, (hours * 60 + minutes) * 60_000, () => {
    o.log('all sessions are reset', { sessions: o.sessions.revoke(undefined) })
  })
}
