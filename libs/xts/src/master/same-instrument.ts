import type { ListedInstrument } from '@xts-bridge/contracts'

/** True when two instruments say the same in every field, whatever the order of the fields. */
export function isSameInstrument(a: ListedInstrument, b: ListedInstrument): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof ListedInstrument>
  return [...names].every((name) => Object.is(a[name], b[name]))
}
