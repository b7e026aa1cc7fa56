import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { choicesWith } from '../choices'
import type { SimOrder, SimTrade } from '../matching/sim-order'
import { parseMasterRow, type ListedInstrument } from '../universe/listed-instrument'
import { indianDate, restTime, socketTime, tickSeconds } from './indian-time'
import { money } from './numbers'
import { orderEvent, tradeEvent } from './order-event-payloads'
import { orderRow } from './order-rows'
import { positionEvent, positionRow } from './position-rows'

// 2022-07-08 11:41:09 in India, the worked example of the protocol reference
const AT_MS = Date.parse('2022-07-08T11:41:09.250+05:30')

describe('times', () => {
  it('counts NSE ticks from 1980 on the Indian wall clock', () => {
    expect(tickSeconds(AT_MS, 2)).toBe(1_341_747_669)
  })

  it('counts BSE ticks from 1970 on the Indian wall clock', () => {
    expect(tickSeconds(AT_MS, 11)).toBe(Math.floor(AT_MS / 1000) + 19_800)
  })

  it('writes REST and socket times in India', () => {
    expect(restTime(AT_MS)).toBe('08-07-2022 11:41:09')
    expect(socketTime(AT_MS, 71_623)).toBe('2022-07-08T11:41:09.2501623')
    expect(indianDate(Date.parse('2026-11-20T20:00:00Z'))).toBe('2026-11-21')
  })
})

describe('money', () => {
  it('has two decimals and thousands commas', () => {
    expect(money(2853.5)).toBe('2,853.50')
    expect(money(-8206.25)).toBe('-8,206.25')
    expect(money(-0.001)).toBe('0.00')
  })
})

const instrument = parseMasterRow(
  'NSEFO|48225|2|NIFTY|NIFTY2621725700PE|OPTIDX|NIFTY-OPTIDX|2604800048225|205.3|0.05|1801|0.05|65|1|-1|Nifty 50|2026-02-17T14:30:00|25700|4|NIFTY 17FEB2026 PE 25700|1|1|NIFTY2621725700PE',
) as ListedInstrument
const state = {
  orderType: 'Limit', productType: 'NRML', timeInForce: 'DAY', quantity: 130, disclosedQuantity: 0, price: 126.25,
  stopPrice: 0, status: 'PartiallyFilled', exchangeOrderId: '1300000223565507', filledQuantity: 65, filledValue: 8206.25,
  reason: '', updatedAtMs: AT_MS, sequence: 1_603_894_589_173_184, tag: 'nifty-a1b2c3',
} as const // prettier-ignore
const order = {
  appOrderId: 1_110_037_830, account: { userId: 'ABC1234A02' }, clientCode: 'ABC1234', instrument, side: 'BUY',
  apiOrderSource: '', receivedAtMs: AT_MS, state, history: [],
} as unknown as SimOrder // prettier-ignore
const trade: SimTrade = {
  order, after: state, executionId: '2177829', price: 126.25, quantity: 65, tradedAtMs: AT_MS, sequence: 1,
} // prettier-ignore

describe('rows and events', () => {
  it('writes an order row with texts and numbers as documented', () => {
    expect(orderRow(order, state)).toMatchObject({
      OrderSide: 'BUY', OrderAverageTradedPrice: '126.25', LeavesQuantity: 65, CumulativeQuantity: 65,
      OrderGeneratedDateTime: '08-07-2022 11:41:09', OrderExpiryDate: '01-01-1980 00:00:00',
      TradingSymbol: 'NIFTY 17FEB2026 PE 25700', MessageCode: 9004, ApplicationType: 0,
    }) // prettier-ignore
  })

  it('has no average and the word NaN before anything traded', () => {
    const fresh = { ...state, status: 'PendingNew', filledQuantity: 0, filledValue: 0 } as const
    expect(orderEvent(order, fresh)).toMatchObject({
      OrderAverageTradedPrice: '', OrderAverageTradedPriceAPI: 'NaN',
      ExchangeTransactTime: expect.stringMatching(/^2022-07-08T11:41:09\.\d{7}\+05:30$/),
    }) // prettier-ignore
  })

  const nothing = { buyQuantity: 0, buyValue: 0, sellQuantity: 0, sellValue: 0 }
  const style = choicesWith()

  it('says the net amount as what was received minus what was paid', () => {
    const position = {
      clientCode: 'ABC1234', loginId: 'ABC1234A02', instrument, productType: 'NRML',
      day: { buyQuantity: 65, buyValue: 8206.25, sellQuantity: 0, sellValue: 0 }, carried: nothing, sequence: 7,
    } // prettier-ignore
    // documented: the position example of the protocol reference
    expect(positionRow({ position, book: 'DayWise', style, lastPrice: 0 })).toMatchObject({
      ExchangeInstrumentId: '48225', Marketlot: '65', BuyAveragePrice: '126.25', SellAveragePrice: '0.00',
      OpenBuyQuantity: '65', Quantity: '65', NetAmount: '-8,206.25', BEP: '126.25',
    }) // prettier-ignore
    expect(positionEvent(position, 'DayWise')).toMatchObject({
      ExchangeInstrumentID: '48225', LongPosition: '65', NetPosition: '65', NetValue: '-8206.25', IsDayWiseNetWise: 'DayWise',
    }) // prettier-ignore
  })

  const samples = resolve('../shared/data/xts_real_payload_samples.json')
  const itWithSamples = existsSync(samples) ? it : it.skip
  itWithSamples(
    'has exactly the keys of captured events, in their order (skipped where ../shared/data is not there)',
    () => {
      const captured = JSON.parse(readFileSync(samples, 'utf8')) as { name: string; data: object }[]
      const keysOf = (name: string): string[] =>
        Object.keys(captured.find((sample) => sample.name === name)?.data ?? {})
      expect(Object.keys(orderEvent(order, state))).toEqual(keysOf('socket.order PendingNew (SL-M)'))
      expect(Object.keys(tradeEvent(trade))).toEqual(keysOf('socket.trade'))
      const position = {
      clientCode: 'A', loginId: 'A', instrument, productType: 'MIS', day: nothing, carried: nothing, sequence: 0,
    } // prettier-ignore
      expect(Object.keys(positionEvent(position, 'DayWise'))).toEqual(keysOf('socket.position'))
    },
  )
})
