import type { MarketUpdate } from './model'

/** A field the newer message does not carry keeps its value; one it carries replaces it. */
export function mergeUpdate(known: MarketUpdate | undefined, newer: MarketUpdate): MarketUpdate {
  if (known === undefined || saysAllThat(newer, known)) return newer
  const merged = { ...known }
  for (const field in newer) take(merged, newer, field as keyof MarketUpdate)
  return merged
}

/** Most messages of a feed carry every field of the one before; they are the merged value themselves. */
function saysAllThat(newer: MarketUpdate, known: MarketUpdate): boolean {
  for (const field in known) {
    if (newer[field as keyof MarketUpdate] === undefined) return false
  }
  return true
}

function take<K extends keyof MarketUpdate>(
  merged: { -readonly [F in keyof MarketUpdate]: MarketUpdate[F] },
  newer: MarketUpdate,
  field: K,
): void {
  if (newer[field] !== undefined) merged[field] = newer[field]
}
