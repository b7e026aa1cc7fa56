import { VirtualClock } from '../time/virtual-clock'
import type { ExchangeChoices } from './exchange-choices'
import { TradingSessions } from './trading-sessions'

const HOUR = 3_600_000
const friday = (time: string): number => Date.parse(`2026-11-20T${time}:00+05:30`)

function open(startMs: number, choices: ExchangeChoices = { sessionProfile: 'nse' }) {
  const clock = new VirtualClock(startMs)
  const sessions = new TradingSessions(choices, clock)
  const told: string[] = []
  const time = (): string => new Date(clock.nowMs() + 5.5 * HOUR).toISOString().slice(11, 16)
  sessions.start({
    sessionChanged: ({ segment, phase, previous }) =>
      told.push(`${time()} ${segment} ${previous} -> ${phase}`),
    squareOffDue: (segment) => told.push(`${time()} ${segment} square off`),
  })
  return { clock, sessions, told }
}

describe('TradingSessions', () => {
  it('takes a cash segment through its day', () => {
    const { clock, told } = open(friday('08:00'))
    clock.advanceBy(10 * HOUR)
    expect(told.filter((line) => line.includes('NSECM'))).toEqual([
      '09:00 NSECM closed -> pre-open',
      '09:15 NSECM pre-open -> open',
      '15:15 NSECM square off',
      '15:30 NSECM open -> closed',
      '15:40 NSECM closed -> closing',
      '16:00 NSECM closing -> closed',
    ])
  })

  it('gives every segment hours of its own', () => {
    const { sessions } = open(friday('16:30'))
    expect(['NSECM', 'NSEFO', 'NSECD', 'MCXFO'].map((name) => sessions.phaseOf(name as 'NSECM'))).toEqual(
      ['closed', 'closed', 'open', 'open'], // prettier-ignore
    )
  })

  it('does not open on a Saturday or a Sunday, and opens on the Monday after', () => {
    const { clock, sessions, told } = open(friday('23:45'))
    clock.advanceBy(24 * HOUR)
    expect(sessions.phaseOf('NSECM')).toBe('closed')
    clock.advanceBy(34 * HOUR)
    expect(told[0]).toBe('09:00 NSECM closed -> pre-open')
  })

  it('squares off at the time that was chosen, once, and takes nothing intraday after it', () => {
    const { clock, sessions, told } = open(friday('10:00'), {
      sessionProfile: 'nse',
      misSquareOffAt: '11:30',
    })
    expect(sessions.takesIntraday('NSEFO')).toBe(true)
    clock.advanceBy(3 * HOUR)
    expect(told.filter((line) => line.includes('NSEFO'))).toEqual(['11:30 NSEFO square off'])
    expect(sessions.takesIntraday('NSEFO')).toBe(false)
  })

  it('does not square off again what an earlier run has squared off', () => {
    const { clock, told } = open(friday('15:20'))
    clock.advanceBy(HOUR / 2)
    expect(told.filter((line) => line.includes('square off') && line.includes('NSECM'))).toEqual([])
  })

  it('never closes and never squares off when it is always open', () => {
    const { clock, sessions, told } = open(friday('15:00'), { sessionProfile: 'always-open' })
    clock.advanceBy(48 * HOUR)
    expect([told, sessions.phaseOf('NSECM'), sessions.takesIntraday('NSECM')]).toEqual([[], 'open', true])
  })
})
