import { reliance } from '../testing/open-exchange'
import { chargesOf, sumOf } from './charges'

describe('charges', () => {
  it('has the broker’s names in its order, and a total of them', () => {
    // by hand: a turnover of 1,00,000 intraday; brokerage 0.03 % but at most 20, tax 0.025 % of a sale
    const charges = chargesOf({
      instrument: reliance,
      productType: 'MIS',
      side: 'SELL',
      quantity: 100,
      price: 1000,
    })
    expect(charges).toEqual({
      Brokerage: 20, STTOrCTT: 25, ExchangeTurnoverCharges: 3, ExchangeCharges: 0, GST: 4.16, SebiCharges: 0.1,
      StampDuty: 0, ClearingCharges: 0, DPCharges: 0, Total: 52.26,
    }) // prettier-ignore
    expect(Object.keys(charges)).toEqual([
      'Brokerage', 'STTOrCTT', 'ExchangeTurnoverCharges', 'ExchangeCharges', 'GST', 'SebiCharges', 'StampDuty',
      'ClearingCharges', 'DPCharges', 'Total',
    ]) // prettier-ignore
  })

  it('adds several up', () => {
    const deal = { instrument: reliance, productType: 'CNC', quantity: 10, price: 1000 } as const
    const both = sumOf([chargesOf({ ...deal, side: 'BUY' }), chargesOf({ ...deal, side: 'SELL' })])
    // by hand: 10 rupees of tax each way, stamp duty of the purchase, the depository for the sale
    expect(both).toMatchObject({ Brokerage: 0, STTOrCTT: 20, StampDuty: 1.5, DPCharges: 15.34 })
  })
})
