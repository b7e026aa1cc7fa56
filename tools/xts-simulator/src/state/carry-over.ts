import type { Universe } from '../universe/universe'
import type { Account } from './account'
import type { PositionKeeper } from './position-keeper'

/** The positions a day is to begin with name an instrument that is not listed. */
export class OpeningUnusable extends Error {}

/** Begins the day with what the accounts carried over. Throws OpeningUnusable. */
export function carryOver(accounts: readonly Account[], universe: Universe, positions: PositionKeeper): void {
  for (const account of accounts) {
    for (const carried of account.carriedPositions ?? []) {
      const { clientCode, segment, token, productType, quantity, averagePrice } = carried
      const instrument = universe.find(segment, token)
      if (!instrument) {
        throw new OpeningUnusable(`carriedPositions: instrument ${token} of ${segment} is not listed`)
      }
      const owner = { clientCode, loginId: account.userId, instrument, productType }
      positions.carryOver(owner, quantity, averagePrice)
    }
  }
}
