import { hashOf } from '../seeded-random'
import { indexLevel } from './indices'
import { INSTRUMENT_TYPE, OPTION_TYPE, type ListedInstrument } from './listed-instrument'
import { optionPrice, VOLATILITY, yearsBetween } from './option-price'
import type { SegmentName } from './segments'
import type { Universe } from './universe'

/**
 * What an instrument is worth when its market opens, in rupees: an index its level, an option its theoretical value,
 * everything else the middle of its price band.
 */
export function referencePrice(instrument: ListedInstrument, universe: Universe, today: string): number {
  if (instrument.isIndex) return indexLevel(instrument.name)
  if (instrument.instrumentType === INSTRUMENT_TYPE.option)
    return optionReference(instrument, universe, today)
  return bandMiddle(instrument)
}

function bandMiddle(instrument: ListedInstrument): number {
  const { bandHigh, bandLow } = instrument
  if (Number.isFinite(bandHigh) && Number.isFinite(bandLow) && bandHigh > bandLow)
    return (bandHigh + bandLow) / 2
  return 50 + (hashOf(instrument.description) % 2000)
}

function optionReference(instrument: ListedInstrument, universe: Universe, today: string): number {
  const isIndexOption = instrument.underlyingId === undefined || Number(instrument.underlyingId) <= 0
  const price = optionPrice({
    spot: isIndexOption
      ? indexLevel(instrument.underlyingName ?? instrument.name)
      : shareSpot(instrument, universe),
    strike: instrument.strike ?? 1,
    isCall: instrument.optionType === OPTION_TYPE.call,
    yearsToExpiry: yearsBetween(today, instrument.expiryDate ?? today),
    volatility: isIndexOption ? VOLATILITY.index : VOLATILITY.stock,
  })
  return Math.min(Math.max(price, instrument.bandLow || 0.05), instrument.bandHigh || price)
}

/** The last eight digits of an InstrumentID are the share's token. */
function shareSpot(instrument: ListedInstrument, universe: Universe): number {
  const cashSegment: SegmentName = instrument.segment.startsWith('BSE') ? 'BSECM' : 'NSECM'
  const share = universe.find(cashSegment, Number(instrument.underlyingId?.slice(-8)))
  return share ? bandMiddle(share) : (instrument.strike ?? 100)
}
