import { segmentFromNumber } from '@xts-bridge/contracts'
import { fromTickSeconds } from './broker-time'
import { asMessage, type TickClock } from './decode-json-full'
import { amount, instrumentOf, readKeys } from './decode-partial'
import { optionalAmount, optionalText, requiredWhole } from './fields'
import type { MarketStatus, PriceBand } from './model'
import { NotOurs } from './unreadable'

/** Instrument properties that 1105 may name; only the execution band is of use, the others are in the instrument list. */
const BAND_HIGH = '110'
const BAND_LOW = '111'
/** Sent all day to keep the line busy. */
const NOBODY = '0_0'

/**
 * The execution band in a `1105-json-partial`: `t:12_1140025,110:2067.75,111:516.95`. Undefined for the noise (`t:0_0`)
 * and for properties other than the band. Throws Unreadable, or NotOurs for another segment.
 */
export function decodePriceBand(payload: unknown): PriceBand | undefined {
  const keys = readKeys(payload)
  if (keys.get('t') === NOBODY) return undefined
  const [high, low] = [amount(keys, BAND_HIGH), amount(keys, BAND_LOW)]
  if (high === undefined || low === undefined) return undefined
  return { ...instrumentOf(keys), high, low }
}

/** A `1507-json-full`: a segment's trading session begins or ends. Throws Unreadable, or NotOurs for another segment. */
export function decodeMarketStatus(payload: unknown, clock: TickClock): MarketStatus {
  const message = asMessage(payload)
  const segmentNumber = requiredWhole(message, 'ExchangeSegment')
  const segment = segmentFromNumber(segmentNumber)
  if (segment === undefined) throw new NotOurs(`ExchangeSegment ${segmentNumber}`)
  return {
    segment,
    session: requiredWhole(message, 'tradingSession'),
    message: optionalText(message, 'message') ?? '',
    exchangeAtMs: fromTickSeconds(
      optionalAmount(message, 'ExchangeTimeStamp'),
      segment,
      clock.otherSegmentsClock,
    ),
  }
}
