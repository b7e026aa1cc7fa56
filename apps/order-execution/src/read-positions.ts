import {
  parseRequest,
  positionsSchema,
  type InstrumentKey,
  type NativePositions,
  type PositionView,
} from '@xts-bridge/contracts'
import type { HouseAccount } from './house-account'
import { priceKey, type LastPrice, type LastPrices } from './last-prices'
import { nameOf } from './order-record'
import type { InstrumentsPort } from './ports'
import type { PositionBook } from './position-book'
import { profitMultiplier, profitOf } from './position-profit'
import type { ProjectedPosition } from './position-projection'

export interface ReadPositionsParts {
  readonly house: HouseAccount
  readonly positions: PositionBook
  readonly prices: LastPrices
  readonly instruments: Pick<InstrumentsPort, 'byToken' | 'listedByToken'>
}

/** `book.positions`: net positions with their profit, or the broker's own rows. */
export class ReadPositions {
  constructor(private readonly parts: ReadPositionsParts) {}

  /** Throws XTS_READ_FAILED, also when an empty answer proves nothing. */
  async read(data: unknown): Promise<readonly PositionView[] | NativePositions> {
    const { house, positions, prices } = this.parts
    const { account, clientID, fresh, native } = parseRequest(positionsSchema, data)
    house.check(account)
    if (native) return positions.native(clientID, fresh)
    const kept = await positions.current(clientID, fresh)
    const open = kept.positions.filter(({ net }) => net !== 0)
    const last = await prices.of(open.map((position) => this.nameOf(position)))
    return kept.positions.map((position) => ({
      account: house.name,
      clientID,
      ...this.view(position, last),
      asOfMs: kept.asOfMs,
    }))
  }

  private view(
    position: ProjectedPosition,
    last: ReadonlyMap<string, LastPrice>,
  ): Omit<PositionView, 'account' | 'clientID' | 'asOfMs'> {
    const { key, net, buyQuantity, sellQuantity } = position
    const listed = this.parts.instruments.listedByToken(key.segment, key.token)
    const multiplier = profitMultiplier(position.multiplier, listed)
    const name = this.nameOf(position)
    const price = last.get(priceKey(name))
    return {
      ...name,
      product: key.product,
      ...{ quantity: net, buyQuantity, sellQuantity, multiplier },
      ...profitOf(position, multiplier, price?.lastPrice),
      lastPrice: price?.lastPrice,
      lastPriceAtMs: price?.lastPriceAtMs,
    }
  }

  private nameOf({ key }: ProjectedPosition): InstrumentKey {
    return nameOf(this.parts.instruments, key)
  }
}
