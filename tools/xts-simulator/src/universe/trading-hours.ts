import type { SegmentName } from './segments'

/** Minutes of the Indian day in which a segment trades: from the first, up to but without the last. */
export interface TradingHours {
  readonly from: number
  readonly to: number
}

const at = (hour: number, minute: number): number => hour * 60 + minute
const SHARES: TradingHours = { from: at(9, 15), to: at(15, 30) }
const CURRENCIES: TradingHours = { from: at(9, 0), to: at(17, 0) }
const COMMODITIES: TradingHours = { from: at(9, 0), to: at(23, 30) }

export const TRADING_HOURS: Readonly<Record<SegmentName, TradingHours>> = {
  NSECM: SHARES,
  NSEFO: SHARES,
  NSECD: CURRENCIES,
  BSECM: SHARES,
  BSEFO: SHARES,
  BSECD: CURRENCIES,
  MCXFO: COMMODITIES,
}
