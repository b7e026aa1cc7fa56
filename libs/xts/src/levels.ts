import type { BookLevel } from './model'

/**
 * The levels that exist, best first: the broker pads a book to five with zero rows, and sends an index an empty one.
 * A level without a quantity is no level.
 */
export function existingLevels(levels: readonly BookLevel[]): readonly BookLevel[] {
  return levels.filter((level) => level.quantity > 0)
}

/** A price of 0 stands for "none yet": nothing trades at 0. */
export function priceOrNone(price: number | undefined): number | undefined {
  return price === 0 ? undefined : price
}

/** The fields of an update that are there, so that a merge never wipes out what an earlier message said. */
export function withoutAbsent<T extends object>(update: T): T {
  return Object.fromEntries(Object.entries(update).filter(([, value]) => value !== undefined)) as T
}
