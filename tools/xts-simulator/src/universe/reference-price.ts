import { hashOf } from '../seeded-random'
import { indexLevel } from './indices'
import { INSTRUMENT_TYPE, OPTION_TYPE, type ListedInstrument } from './listed-instrument'
import { optionPrice, VOLATILITY, yearsBetween } from './option-price'
import { segmentNamed, type SegmentName } from './segments'
import type { Universe } from './universe'

/**
 * What an instrument is worth when its market opens, in rupees: an index its level, an option its theoretical value,
 * everything else the middle of its price band.
 */
export function referencePrice(instrument: ListedInstrument, universe: Universe, today: string): number {
  if (instrument.instrumentType === INSTRUMENT_TYPE.option)
    return optionReference(instrument, universe, today)
  // Currencies and commodities have bands around their rate; the rows of indices have none.
  if (instrument.isIndex && !hasBand(instrument)) return indexLevel(instrument.name)
  return bandMiddle(instrument)
}

const hasBand = ({ bandHigh, bandLow }: ListedInstrument): boolean =>
  Number.isFinite(bandHigh) && Number.isFinite(bandLow) && bandHigh > bandLow

function bandMiddle(instrument: ListedInstrument): number {
  if (hasBand(instrument)) return (instrument.bandHigh + instrument.bandLow) / 2
  return 50 + (hashOf(instrument.description) % 2000)
}

function optionReference(instrument: ListedInstrument, universe: Universe, today: string): number {
  const underlying = underlyingOf(instrument, universe)
  const isOnIndex = instrument.underlyingId === undefined || Number(instrument.underlyingId) <= 0
  const price = optionPrice({
    spot: isOnIndex
      ? indexLevel(instrument.underlyingName ?? instrument.name)
      : underlying
        ? bandMiddle(underlying)
        : (instrument.strike ?? 100),
    strike: instrument.strike ?? 1,
    isCall: instrument.optionType === OPTION_TYPE.call,
    yearsToExpiry: yearsBetween(today, instrument.expiryDate ?? today),
    volatility: isOnIndex ? VOLATILITY.index : volatilityOf(instrument.segment),
  })
  return Math.min(Math.max(price, instrument.bandLow || 0.05), instrument.bandHigh || price)
}

function volatilityOf(segment: SegmentName): number {
  if (segment === 'NSECD' || segment === 'BSECD') return VOLATILITY.currency
  return segment === 'MCXFO' ? VOLATILITY.commodity : VOLATILITY.stock
}

/** An InstrumentID is the segment's number, four digits of the expiry, and eight of the token. */
const DIGITS_AFTER_SEGMENT = 12
const TOKEN_DIGITS = 8

function underlyingOf(instrument: ListedInstrument, universe: Universe): ListedInstrument | undefined {
  const { underlyingId = '' } = instrument
  const segment = segmentNamed(Number(underlyingId.slice(0, -DIGITS_AFTER_SEGMENT)))
  return segment && universe.find(segment, Number(underlyingId.slice(-TOKEN_DIGITS)))
}
