import { INSTRUMENT_TYPE, type ListedInstrument } from '../universe/listed-instrument'
import { isCashSegment } from '../universe/segments'

/** What a trade costs, in rupees, under the broker's names and in its order. */
export interface Charges {
  readonly Brokerage: number
  readonly STTOrCTT: number
  readonly ExchangeTurnoverCharges: number
  readonly ExchangeCharges: number
  readonly GST: number
  readonly SebiCharges: number
  readonly StampDuty: number
  readonly ClearingCharges: number
  readonly DPCharges: number
  readonly Total: number
}

interface Deal {
  readonly instrument: ListedInstrument
  readonly productType: string
  readonly side: 'BUY' | 'SELL'
  readonly quantity: number
  /** Rupees. */
  readonly price: number
}

/** Shares of the turnover; round figures near the statutory ones. */
interface Tariff {
  readonly taxOnBuy: number
  readonly taxOnSell: number
  readonly exchange: number
  readonly stampOnBuy: number
}

const TARIFFS = {
  delivery: { taxOnBuy: 0.001, taxOnSell: 0.001, exchange: 0.00003, stampOnBuy: 0.00015 },
  intraday: { taxOnBuy: 0, taxOnSell: 0.00025, exchange: 0.00003, stampOnBuy: 0.00003 },
  future: { taxOnBuy: 0, taxOnSell: 0.0002, exchange: 0.00002, stampOnBuy: 0.00002 },
  option: { taxOnBuy: 0, taxOnSell: 0.001, exchange: 0.00035, stampOnBuy: 0.00003 },
} as const satisfies Record<string, Tariff>

const BROKERAGE = { share: 0.0003, mostRupees: 20 } as const
const SEBI_SHARE = 0.000001
const GST_SHARE = 0.18
const DP_RUPEES = 15.34

function tariffOf({ instrument, productType }: Deal): Tariff {
  if (isCashSegment(instrument.segment)) return productType === 'MIS' ? TARIFFS.intraday : TARIFFS.delivery
  return instrument.instrumentType === INSTRUMENT_TYPE.option ? TARIFFS.option : TARIFFS.future
}

/** The costs of one trade. Shares that leave the demat account pay the depository too. */
export function chargesOf(deal: Deal): Charges {
  const { instrument, side, quantity, price } = deal
  const tariff = tariffOf(deal)
  const turnover = quantity * instrument.multiplier * price
  const isDelivery = tariff === TARIFFS.delivery
  const brokerage = isDelivery ? 0 : Math.min(turnover * BROKERAGE.share, BROKERAGE.mostRupees)
  const exchange = turnover * tariff.exchange
  const sebi = turnover * SEBI_SHARE
  return totalled({
    Brokerage: paise(brokerage),
    STTOrCTT: paise(turnover * (side === 'BUY' ? tariff.taxOnBuy : tariff.taxOnSell)),
    ExchangeTurnoverCharges: paise(exchange),
    ExchangeCharges: 0,
    GST: paise((brokerage + exchange + sebi) * GST_SHARE),
    SebiCharges: paise(sebi),
    StampDuty: paise(side === 'BUY' ? turnover * tariff.stampOnBuy : 0),
    ClearingCharges: 0,
    DPCharges: isDelivery && side === 'SELL' && turnover > 0 ? DP_RUPEES : 0,
  })
}

/** Several trades together. */
export function sumOf(all: readonly Charges[]): Charges {
  const sum = (name: keyof Charges): number => paise(all.reduce((total, charges) => total + charges[name], 0))
  return totalled({
    Brokerage: sum('Brokerage'),
    STTOrCTT: sum('STTOrCTT'),
    ExchangeTurnoverCharges: sum('ExchangeTurnoverCharges'),
    ExchangeCharges: sum('ExchangeCharges'),
    GST: sum('GST'),
    SebiCharges: sum('SebiCharges'),
    StampDuty: sum('StampDuty'),
    ClearingCharges: sum('ClearingCharges'),
    DPCharges: sum('DPCharges'),
  })
}

function totalled(parts: Omit<Charges, 'Total'>): Charges {
  return { ...parts, Total: paise(Object.values(parts).reduce((total, part) => total + part, 0)) }
}

const paise = (rupees: number): number => Math.round(rupees * 100) / 100
