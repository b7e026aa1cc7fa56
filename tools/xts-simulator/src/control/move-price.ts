import { z } from 'zod'
import { segmentName } from '../faults/fault-facts'
import type { Broker } from '../rest/broker'
import { isSegmentName } from '../universe/segments'

/** Where a price is to go; `segment` by name or number, `price` in rupees. */
export const priceRequestSchema = z.strictObject({
  segment: z.union([z.string(), z.number()]),
  token: z.coerce.number().int().positive(),
  price: z.coerce.number().positive(),
})
export type PriceRequest = z.output<typeof priceRequestSchema>

/** A price that cannot be moved, in words, with the HTTP status it is answered with. */
export class PriceRefused extends Error {
  constructor(
    readonly status: 400 | 404,
    message: string,
  ) {
    super(message)
    this.name = 'PriceRefused'
  }
}

/** Trades through everything on the way to a price, and answers the last price. Throws PriceRefused. */
export function movePrice(broker: Broker, request: PriceRequest): object {
  const { segment, token, price } = request
  const name = segmentName(segment)
  const instrument = name !== undefined && isSegmentName(name) ? broker.universe.find(name, token) : undefined
  if (!instrument) throw new PriceRefused(404, `no instrument ${token} in segment ${segment}`)
  const { bandLow, bandHigh } = instrument
  if (bandHigh > bandLow && (price > bandHigh || price < bandLow)) {
    throw new PriceRefused(400, `${price} is outside the price band ${bandLow} to ${bandHigh}`)
  }
  const market = broker.exchange.market(instrument)
  broker.record.priceJumped(instrument, price, broker.clock.nowMs())
  market.jumpTo(price)
  broker.log('price moved', { segment: name, token, price })
  return { segment: name, token, lastPrice: market.tape.lastPrice }
}
