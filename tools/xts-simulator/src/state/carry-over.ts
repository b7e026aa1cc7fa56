import type { Universe } from '../universe/universe'
import type { Account } from './account'
import type { Opening } from './position-keeper'

/** The positions a day is to begin with name an instrument that is not listed. */
export class OpeningUnusable extends Error {}

/** What the accounts carried over into their first day. Throws OpeningUnusable. */
export function openingsOf(accounts: readonly Account[], universe: Universe): Opening[] {
  return accounts.flatMap((account) =>
    (account.carriedPositions ?? []).map((carried) => {
      const { clientCode, segment, token, productType, quantity, averagePrice } = carried
      const instrument = universe.find(segment, token)
      if (!instrument) {
        throw new OpeningUnusable(`carriedPositions: instrument ${token} of ${segment} is not listed`)
      }
      return {
        owner: { clientCode, loginId: account.userId, instrument, productType },
        quantity,
        averagePrice,
      }
    }),
  )
}
