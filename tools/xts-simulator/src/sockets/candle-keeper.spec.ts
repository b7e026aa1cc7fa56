import { openExchange, reliance } from '../testing/open-exchange'
import { VirtualClock } from '../time/virtual-clock'
import { CandleKeeper, minuteOf } from './candle-keeper'

/** 09:15:10 in India. */
const START = Date.parse('2026-11-20T09:15:10+05:30')

function open() {
  const clock = new VirtualClock(START)
  const { exchange } = openExchange({ clock })
  const market = exchange.market(reliance)
  const keeper = new CandleKeeper()
  const jump = (price: number): void => {
    market.jumpTo(price)
    keeper.note(market, clock.nowMs())
  }
  return { clock, market, keeper, jump }
}

describe('minute bars of what trades', () => {
  it('name the minute by the Indian wall clock and end at its last second', () => {
    const { clock, market, keeper, jump } = open()
    jump(1460)
    clock.advanceBy(60_000)
    // 09:15:59 read as UTC
    expect(keeper.candleBefore(market, minuteOf(clock.nowMs()))?.endsAt).toBe(
      Date.UTC(2026, 10, 20, 9, 15, 59) / 1000,
    )
  })

  it('have open, extremes and close of their minute, and go on where the last one ended', () => {
    const { clock, market, keeper, jump } = open()
    const first = keeper.watch(market, clock.nowMs())
    for (const price of [1470, 1440, 1450]) jump(price)
    clock.advanceBy(60_000)
    jump(1455)
    const [bar, next] = keeper.barsOf(market)
    expect(bar).toMatchObject({ open: first.price, high: 1470, low: 1440, close: 1450 })
    expect(next).toMatchObject({ open: 1450, high: 1455, low: 1450, close: 1455 })
  })

  it('add up what traded in them, and no more', () => {
    const { clock, market, keeper, jump } = open()
    const first = keeper.watch(market, clock.nowMs())
    jump(1470)
    clock.advanceBy(60_000)
    jump(1480)
    const volumes = keeper.barsOf(market).map((bar) => bar.volume)
    expect(volumes.every((volume) => volume > 0)).toBe(true)
    expect(volumes.reduce((sum, volume) => sum + volume, 0)).toBe(market.tape.volume - first.volume)
  })

  it('have the new high of the day even when the last price came down again before anybody looked', () => {
    const { market, clock, keeper } = open()
    keeper.watch(market, clock.nowMs())
    market.jumpTo(1590)
    market.jumpTo(1450)
    keeper.note(market, clock.nowMs())
    expect(keeper.barsOf(market)[0]).toMatchObject({ high: 1590, close: 1450 })
  })

  it('are there only for minutes in which something happened', () => {
    const { clock, market, keeper, jump } = open()
    expect(keeper.candleBefore(market, minuteOf(START))).toBeUndefined()
    jump(1460)
    expect(keeper.candleBefore(market, minuteOf(START))).toBeUndefined()
    clock.advanceBy(10 * 60_000)
    jump(1461)
    expect(keeper.barsOf(market).map((bar) => bar.minute - minuteOf(START))).toEqual([0, 10])
  })

  it('are those of the last day, however long it runs', () => {
    const { clock, market, keeper, jump } = open()
    for (let minute = 0; minute < 1450; minute++) {
      jump(1450 + (minute % 7))
      clock.advanceBy(60_000)
    }
    expect([keeper.barsOf(market).length, keeper.barsOf(market)[0]?.minute]).toEqual([
      1440,
      minuteOf(START) + 10,
    ])
  })
})
