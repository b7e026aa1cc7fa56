/** Where state changes are told: one line each. */
export interface StateLog {
  (message: string, facts?: Readonly<Record<string, unknown>>): void
}

/** One JSON line per state change on standard output. A tiny own writer: this program shares no code with the house. */
export function jsonLines(write: (line: string) => void): StateLog {
  return (message, facts = {}) =>
    write(`${JSON.stringify({ at: new Date().toISOString(), message, ...facts })}\n`)
}

export const silentLog: StateLog = () => undefined
