import type { ListedInstrument } from '@xts-bridge/contracts'
import { makeSymbolsUnique } from './unique-symbols'

function listed(symbol: string, token: number, more: Partial<ListedInstrument> = {}): ListedInstrument {
  return {
    exchange: 'BSE',
    symbol,
    segment: 'BSECM',
    token,
    brokerSymbol: symbol,
    name: symbol,
    instrumentType: 'A',
    lotSize: 1,
    tickSize: 0.05,
    multiplier: 1,
    series: 'A',
    ...more,
  }
}

const symbolsOf = (list: readonly ListedInstrument[]): string[] =>
  makeSymbolsUnique(list).instruments.map(({ symbol }) => symbol)

describe('symbols of one exchange', () => {
  it('stay as they are when they are unique', () => {
    const list = [listed('TCS', 1), listed('INFY', 2), listed('TCS', 3, { exchange: 'NSE' })]
    expect(makeSymbolsUnique(list)).toEqual({ instruments: list, renamed: [] })
  })

  it('stay with the only equity among those that share one, whatever the order of rows', () => {
    const equity = listed('RELIANCE', 500_325)
    const debt = listed('RELIANCE', 974_653, { series: 'F' })
    expect(symbolsOf([equity, debt])).toEqual(['RELIANCE', 'RELIANCE-974653'])
    expect(symbolsOf([debt, equity])).toEqual(['RELIANCE-974653', 'RELIANCE'])
  })

  it('all get their token when none stands out, so that the bare symbol names nobody', () => {
    const list = [listed('875PFL26', 974_653, { series: 'F' }), listed('875PFL26', 974_785, { series: 'F' })]
    expect(symbolsOf(list)).toEqual(['875PFL26-974653', '875PFL26-974785'])
    expect(makeSymbolsUnique(list).renamed).toEqual([0, 1])
  })

  it('are unique even when a new symbol was already there', () => {
    const list = [
      listed('X', 1, { series: 'F' }),
      listed('X', 2, { series: 'F' }),
      listed('X-1', 3, { series: 'F' }),
    ]
    expect(new Set(symbolsOf(list)).size).toBe(3)
  })
})
