import type { ListedInstrument } from '@xts-bridge/contracts'
import { listed, listOf } from './testing/lists'

const WHOLE = listed('NIFTY26NOV2624500CE', 7, {
  exchange: 'NFO',
  segment: 'NSEFO',
  expiry: '26-NOV-26',
  strike: 24_500,
  freezeQuantity: 1_800,
  bandLow: 0.05,
  bandHigh: 900,
  underlying: 'Nifty 50',
  underlyingToken: 26_000,
})

describe('a row of one list is the same as a row of another', () => {
  it('when every column is, wherever it stands in each', () => {
    const older = listOf(listed('A', 1), WHOLE)
    const newer = listOf(WHOLE, listed('A', 1), listed('B', 2))
    expect(older.hasSameRow(1, newer, 0)).toBe(true)
    expect(older.hasSameRow(0, newer, 1)).toBe(true)
    expect(older.hasSameRow(0, newer, 2)).toBe(false)
  })

  it.each<Partial<ListedInstrument>>([
    { symbol: 'NIFTY26NOV2624500PE' },
    { exchange: 'BFO' },
    { segment: 'BSEFO' },
    { token: 8 },
    { name: 'NIFT' },
    { expiry: undefined },
    { strike: 24_550 },
    { lotSize: 75 },
    { tickSize: 0.1 },
    { freezeQuantity: undefined },
    { bandLow: 0 },
    { bandHigh: 901 },
    { multiplier: 2 },
    { series: 'OPTIDX' },
    { underlying: undefined },
    { underlyingToken: undefined },
  ])('but not when it differs in %p', (change) => {
    const older = listOf(WHOLE)
    const newer = listOf({ ...WHOLE, ...change })
    expect(older.hasSameRow(0, newer, 0)).toBe(false)
    expect(newer.hasSameRow(0, older, 0)).toBe(false)
  })

  it('and is found by the number of its segment and its token', () => {
    const list = listOf(listed('A', 1), WHOLE)
    expect([list.rowOfToken(2, 7), list.segmentNumberAt(1), list.tokenAt(1)]).toEqual([1, 2, 7])
    expect(list.rowOfToken(1, 7)).toBeUndefined()
  })
})
