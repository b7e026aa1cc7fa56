import type { SimClock } from './time/sim-clock'
import { VirtualClock } from './time/virtual-clock'

/** Where state changes are told: one line each. */
export interface StateLog {
  (message: string, facts?: Readonly<Record<string, unknown>>): void
}

/** One JSON line per state change on standard output. A tiny own writer: this program shares no code with the house. */
export function jsonLines(write: (line: string) => void): StateLog {
  return (message, facts = {}) =>
    write(`${JSON.stringify({ at: new Date().toISOString(), message, ...facts })}\n`)
}

/** With the time of the simulated day, where that is another than the machine's. */
export function timedLog(log: StateLog, clock: SimClock): StateLog {
  if (!(clock instanceof VirtualClock)) return log
  return (message, facts = {}) =>
    log(message, { simulatedAt: new Date(clock.nowMs()).toISOString(), ...facts })
}

export const silentLog: StateLog = () => undefined
