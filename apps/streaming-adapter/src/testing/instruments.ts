import { tickTopic, type Instrument, type InstrumentKey, type TickMode } from '@xts-bridge/contracts'

/** An NSE share with the given symbol and token. */
export function share(symbol: string, token: number, changes: Partial<Instrument> = {}): Instrument {
  return {
    exchange: 'NSE',
    symbol,
    segment: 'NSECM',
    token,
    brokerSymbol: symbol,
    name: symbol,
    instrumentType: 'EQ',
    lotSize: 1,
    tickSize: 0.05,
    multiplier: 1,
    ...changes,
  }
}

export const RELIANCE = share('RELIANCE', 2885)
export const SBIN = share('SBIN', 3045)

/** The `find` of a list that has exactly these instruments. */
export function listOf(...instruments: Instrument[]): (key: InstrumentKey) => Instrument | undefined {
  return (key) => instruments.find((row) => row.exchange === key.exchange && row.symbol === key.symbol)
}

export function topicOf({ exchange, symbol }: Instrument, mode: TickMode): string {
  return tickTopic({ exchange, symbol, mode })
}
