import type { MarketFigures } from '../wire/market-figures'

/** documented: the figures of the broker's own sample of a 1502, an option with five levels a side. */
export const SAMPLE_FIGURES: MarketFigures = {
  segment: 2,
  token: 48_225,
  isIndex: false,
  name: 'NIFTY',
  exchangeTime: 1_454_323_205,
  sequence: 1_603_894_589_173_185,
  bids: [
    { quantity: 130, price: 101.45, orders: 2 }, { quantity: 65, price: 101.4, orders: 1 }, { quantity: 650, price: 101.35, orders: 4 },
    { quantity: 195, price: 101.3, orders: 2 }, { quantity: 65, price: 101.25, orders: 1 },
  ],
  asks: [
    { quantity: 65, price: 101.55, orders: 1 }, { quantity: 260, price: 101.6, orders: 3 }, { quantity: 130, price: 101.65, orders: 2 },
    { quantity: 65, price: 101.7, orders: 1 }, { quantity: 325, price: 101.75, orders: 2 },
  ],
  lastPrice: 101.5,
  lastQuantity: 65,
  totalBuy: 250_120,
  totalSell: 198_445,
  volume: 5_120_375,
  averagePrice: 104.2,
  lastTradedTime: 1_454_323_204,
  updateTime: 1_454_323_205,
  percentChange: -3.1,
  open: 106,
  high: 112.3,
  low: 98.05,
  close: 104.75,
  openInterest: 1_234_500,
} // prettier-ignore
