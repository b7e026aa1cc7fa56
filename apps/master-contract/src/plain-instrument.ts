import type { Instrument } from '@xts-bridge/contracts'

/** An instrument without what only the list itself needs. */
export function asInstrument(listed: Instrument): Instrument {
  return {
    exchange: listed.exchange,
    symbol: listed.symbol,
    segment: listed.segment,
    token: listed.token,
    brokerSymbol: listed.brokerSymbol,
    name: listed.name,
    instrumentType: listed.instrumentType,
    expiry: listed.expiry,
    strike: listed.strike,
    lotSize: listed.lotSize,
    tickSize: listed.tickSize,
    freezeQuantity: listed.freezeQuantity,
    bandLow: listed.bandLow,
    bandHigh: listed.bandHigh,
    multiplier: listed.multiplier,
  }
}
