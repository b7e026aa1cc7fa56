import type { ListedInstrument } from '../universe/listed-instrument'
import { referencePrice } from '../universe/reference-price'
import { indianDate } from '../wire/indian-time'
import type { InstrumentDay } from '../wire/instrument-object'
import { rupees } from '../wire/numbers'
import type { Broker } from './broker'

/** What an instrument object says of today. Asks no market into being: a search has many results. */
export function describing(broker: Broker, instrument: ListedInstrument): InstrumentDay {
  const today = indianDate(broker.clock.nowMs())
  const { tickSize } = instrument
  const ticks = Math.round(referencePrice(instrument, broker.universe, today) / tickSize)
  return { today, settlementPrice: rupees(ticks * tickSize) }
}
