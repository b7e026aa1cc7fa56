import type { BookLevel } from './model'

/**
 * The levels that exist, best first: the broker pads a book to five with zero rows, and sends an index an empty one.
 * A level without a quantity is no level.
 */
export function existingLevels(levels: readonly BookLevel[]): readonly BookLevel[] {
  for (const level of levels) {
    if (level.quantity <= 0) return levels.filter(({ quantity }) => quantity > 0)
  }
  return levels
}

/** A price of 0 stands for "none yet": nothing trades at 0. */
export function priceOrNone(price: number | undefined): number | undefined {
  return price === 0 ? undefined : price
}

/**
 * The fields of an update that are there, so that a merge never wipes out what an earlier message said. It is asked of
 * every tick, and most ticks lack nothing.
 */
export function withoutAbsent<T extends object>(update: T): T {
  for (const field in update) {
    if (update[field] === undefined) return present(update)
  }
  return update
}

function present<T extends object>(update: T): T {
  const kept = {} as T
  for (const field in update) {
    if (update[field] !== undefined) kept[field] = update[field]
  }
  return kept
}
