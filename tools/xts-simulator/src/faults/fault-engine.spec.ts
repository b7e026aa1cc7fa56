import { silentLog } from '../state-log'
import { VirtualClock } from '../time/virtual-clock'
import { FaultEngine } from './fault-engine'
import type { FaultFacts, FaultMatch } from './fault-facts'
import { faultRequestSchema, type FaultRequest } from './fault-rule'

function open(seed = 1) {
  const clock = new VirtualClock(1_000_000)
  const engine = new FaultEngine({ clock, seed, log: silentLog })
  const arm = (request: FaultRequest, undo?: () => void) =>
    engine.arm(faultRequestSchema.parse(request), undo)
  /** Which faults happen on one occasion at the place where answers are replaced. */
  const occasion = (facts: FaultFacts = { call: 'place' }): string[] =>
    engine
      .candidates('replace', () => facts)
      .filter((fault) => engine.happens(fault))
      .map(({ id }) => id)
  const occasions = (count: number): string[] => Array.from({ length: count }, () => occasion().join('+'))
  return { clock, engine, arm, occasion, occasions }
}

describe('FaultEngine', () => {
  it('is quiet at a point where no fault acts', () => {
    const { engine, arm } = open()
    expect(engine.isQuiet('replace')).toBe(true)
    arm({ name: 'half-json' })
    expect([engine.isQuiet('replace'), engine.isQuiet('request')]).toEqual([false, true])
    engine.clear()
    expect(engine.isQuiet('replace')).toBe(true)
  })

  it('lets a fault happen as often as it was switched on for, and counts', () => {
    const { engine, arm, occasions } = open()
    arm({ name: 'half-json', count: 2 })
    expect(occasions(3)).toEqual(['f1', 'f1', ''])
    expect(engine.list()).toEqual([])
    expect(engine.happened()).toEqual({ 'half-json': 2 })
  })

  it('takes each n-th matching occasion only', () => {
    const { arm, occasions } = open()
    arm({ name: 'half-json', nth: 3 })
    expect(occasions(7)).toEqual(['', '', 'f1', '', '', 'f1', ''])
  })

  it('throws dice of its seed: the same seed gives the same faults', () => {
    const thrown = (seed: number): string[] => {
      const { arm, occasions } = open(seed)
      arm({ name: 'half-json', probability: 0.5 })
      return occasions(200)
    }
    const happened = thrown(1).filter((id) => id !== '').length
    expect(happened).toBeGreaterThan(70)
    expect(happened).toBeLessThan(130)
    expect(thrown(1)).toEqual(thrown(1))
    expect(thrown(1)).not.toEqual(thrown(2))
  })

  it('begins after its start, and ends when its time is over', () => {
    const { clock, engine, arm, occasion } = open()
    const undone: string[] = []
    arm({ name: 'half-json', startAfterMs: 100, forMs: 50 }, () => undone.push('undone'))
    const at: string[] = []
    for (const stepMs of [0, 99, 1, 49, 1]) {
      clock.advanceBy(stepMs)
      at.push(occasion().join())
    }
    expect(at).toEqual(['', '', 'f1', 'f1', ''])
    expect([engine.list(), undone]).toEqual([[], ['undone']])
  })

  it('opens a window in each period', () => {
    const { clock, arm, occasion } = open()
    arm({ name: 'half-json', everyMs: 100, forMs: 20 })
    const seen: string[] = []
    for (let atMs = 0; atMs < 300; atMs += 10) {
      seen.push(occasion().length > 0 ? '#' : '.')
      clock.advanceBy(10)
    }
    expect(seen.join('')).toBe('##........##........##........')
  })

  it('happens once in each period when no window is given', () => {
    const { clock, arm, occasion } = open()
    arm({ name: 'half-json', everyMs: 30 })
    const seen: string[] = []
    for (let atMs = 0; atMs < 90; atMs += 10) {
      seen.push(occasion().length > 0 ? '#' : '.')
      clock.advanceBy(10)
    }
    expect(seen.join('')).toBe('#..#..#..')
  })

  it('asks by priority, and among equals the older one first', () => {
    const { arm, occasion } = open()
    arm({ name: 'half-json' })
    arm({ name: 'empty-body' })
    arm({ name: 'html-instead-of-json', priority: 5 })
    arm({ name: 'answer-cut-off', priority: -1 })
    expect(occasion()).toEqual(['f3', 'f1', 'f2', 'f4'])
  })

  it('clears one by its id, and says how many there were', () => {
    const { engine, arm, occasion } = open()
    arm({ name: 'half-json' })
    arm({ name: 'empty-body' })
    expect([engine.clear('f1'), engine.clear('f1'), engine.clear('nobody')]).toEqual([1, 0, 0])
    expect(occasion()).toEqual(['f2'])
  })

  it.each<[string, FaultMatch, boolean]>([
    ['the call', { call: 'place' }, true],
    ['another call', { call: 'modify' }, false],
    ['segment and token', { segment: 'NSECM', token: 2885 }, true],
    ['the token in another segment', { segment: 'BSECM', token: 2885 }, false],
    ['the start of the tag', { tagPrefix: 'strat-' }, true],
    ['another tag', { tag: 'strat-2' }, false],
    ['the side, however it is spelled', { side: 'Buy' }, true],
    ['the product', { product: 'MIS' }, true],
    ['the order type, however it is spelled', { orderType: 'Limit' }, true],
    ['the client', { clientID: 'ABC1' }, true],
    ['a client where another is named', { clientID: 'ABC2' }, false],
    ['the api', { api: 'market' }, false],
  ])('happens or not when matched by %s', (_, match, expected) => {
    const { arm, occasion } = open()
    arm({ name: 'half-json', match: match as FaultRequest['match'] })
    const facts: FaultFacts = {
      api: 'interactive', call: 'place', tag: 'strat-1', clientID: 'ABC1', side: 'BUY', product: 'MIS', orderType: 'LIMIT',
      instruments: [{ segment: 'NSECM', token: 2885 }, { segment: 'BSECM', token: 500325 }],
    } // prettier-ignore
    expect(occasion(facts).length > 0).toBe(expected)
  })
})
