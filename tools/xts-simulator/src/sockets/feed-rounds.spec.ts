import { VirtualClock } from '../time/virtual-clock'
import { FeedRounds, type Stepping } from './feed-rounds'

interface Counted extends Stepping {
  readonly steppedAtMs: number[]
}

function open(count: number, stepsPerSecond: number) {
  const clock = new VirtualClock(0)
  const told: number[] = []
  const newMarket = (): Counted => {
    const steppedAtMs: number[] = []
    return { steppedAtMs, step: () => void steppedAtMs.push(clock.nowMs()) }
  }
  const markets = Array.from({ length: count }, newMarket)
  const moved = (): void => void told.push(clock.nowMs())
  const rounds = new FeedRounds({ clock, stepsPerSecond, markets: () => markets, moved })
  rounds.start()
  return { clock, markets, rounds, told, newMarket }
}

describe('the rounds of the feed', () => {
  it.each([
    [1, 3],
    [3, 10],
    [50, 100],
  ])('let each of %i markets take %i steps a second', (count, stepsPerSecond) => {
    const { clock, markets } = open(count, stepsPerSecond)
    clock.advanceBy(2000)
    for (const { steppedAtMs } of markets) {
      expect(Math.abs(steppedAtMs.length - 2 * stepsPerSecond)).toBeLessThanOrEqual(1)
    }
  })

  it('spread the markets over the round, and tell after each turn', () => {
    const { clock, markets, told } = open(10, 2)
    clock.advanceBy(500)
    const times = markets.map(({ steppedAtMs }) => steppedAtMs[0])
    expect(new Set(times).size).toBe(10)
    expect(told).toEqual([...times].sort((one, other) => Number(one) - Number(other)))
  })

  it('take up a new market in the round after it came, and leave one that went', () => {
    const { clock, markets, rounds, newMarket } = open(2, 10)
    clock.advanceBy(1000)
    const [gone] = markets.splice(0, 1)
    const before = gone?.steppedAtMs.length
    const added = newMarket()
    markets.push(added)
    rounds.changed()
    clock.advanceBy(1000)
    expect([gone?.steppedAtMs.length, added.steppedAtMs.length >= 9]).toEqual([before, true])
  })

  it('stand still without steps, without markets, and after the end', () => {
    const still = open(2, 0)
    still.clock.advanceBy(1000)
    expect(still.markets.map((market) => market.steppedAtMs)).toEqual([[], []])
    const none = open(0, 10)
    none.clock.advanceBy(1000)
    expect(none.told).toEqual([])
    const ended = open(1, 10)
    ended.rounds.close()
    ended.clock.advanceBy(1000)
    expect(ended.markets[0]?.steppedAtMs).toEqual([])
  })
})
