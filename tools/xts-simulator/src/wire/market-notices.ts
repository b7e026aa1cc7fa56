/** A minute of trading. Prices in rupees; `endsAt` is the last second of the minute on the Indian wall clock, counted from 1970. */
export interface Candle {
  readonly segment: number
  readonly token: number
  readonly endsAt: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly openInterest: number
  /** Quantity times price, summed up. */
  readonly value: number
}

/** 1505 in full. */
export function candleText(candle: Candle): string {
  return JSON.stringify({
    MessageCode: 1505,
    MessageVersion: 1,
    ApplicationType: 0,
    TokenID: 0,
    ExchangeSegment: candle.segment,
    ExchangeInstrumentID: candle.token,
    BarTime: candle.endsAt,
    BarVolume: candle.volume,
    High: candle.high,
    Low: candle.low,
    Open: candle.open,
    Close: candle.close,
    OpenInterest: candle.openInterest,
    SumOfQtyInToPrice: candle.value,
  })
}

/** 1505 as key:value; `bt` is the time of the bar here. */
export function candlePartial(candle: Candle): string {
  return (
    `t:${candle.segment}_${candle.token},o:${candle.open},h:${candle.high},l:${candle.low},c:${candle.close},` +
    `bt:${candle.endsAt},bv:${candle.volume},pv:${candle.value},oi:${candle.openInterest}`
  )
}

/** What a market of a segment does: 0 pre-open starts, 1 it ends, 2 normal starts, 4 it ends, 8 closing session starts, 16 it ends. */
export interface MarketStatus {
  readonly segment: number
  /** 1 normal, 2 odd lot, 3 retail debt, 4 auction, 5 and 6 call auctions. */
  readonly marketType: number
  readonly tradingSession: number
  readonly message: string
}

/** 1507; there is no partial form. `maketType` is the broker's spelling, and the keys stand in its order. */
export function marketStatusText(status: MarketStatus, exchangeTime: number, sequence: number): string {
  return JSON.stringify({
    ApplicationType: 0,
    ExchangeInstrumentID: 0,
    ExchangeSegment: status.segment,
    ExchangeTimeStamp: exchangeTime,
    maketType: status.marketType,
    message: status.message,
    MessageCode: 1507,
    MessageVersion: 4,
    SequenceNumber: sequence,
    TokenID: 0,
    tradingSession: status.tradingSession,
  })
}

/** The 1105 nobody needs: it comes all day, to everyone. */
export const HEARTBEAT_1105 = 't:0_0'

/** 1105 with the range an instrument may trade in, in rupees: property 110 is its upper end, 111 its lower. */
export function executionBandPartial(at: {
  readonly segment: number
  readonly token: number
  readonly high: number
  readonly low: number
}): string {
  return `t:${at.segment}_${at.token},110:${at.high},111:${at.low}`
}
