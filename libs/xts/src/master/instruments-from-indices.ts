import type { ListedInstrument, Segment } from '@xts-bridge/contracts'
import { indexSymbol } from './index-names'

/** One entry of the broker's index list: `NIFTY 50_26000`. */
export interface ListedIndex {
  readonly name: string
  readonly token: number
}

/** An index, which cannot be traded. The broker's lists state a dummy tick or none; indices move by the paisa. */
export function indexInstrument(segment: Segment, { name, token }: ListedIndex): ListedInstrument {
  const exchange = segment === 'BSECM' ? 'BSE_INDEX' : 'NSE_INDEX'
  return {
    exchange,
    symbol: indexSymbol(exchange, name),
    segment,
    token,
    brokerSymbol: name,
    name,
    instrumentType: 'INDEX',
    lotSize: 1,
    tickSize: 0.05,
    multiplier: 1,
    series: 'SPOT',
  }
}
