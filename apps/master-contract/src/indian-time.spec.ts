import { indianDate, parseTimesOfDay, untilNextTimeMs } from './indian-time'

const MINUTE_MS = 60_000
const ist = (text: string): number => Date.parse(`${text}+05:30`)

describe('Indian time', () => {
  it('begins its day at midnight in India', () => {
    expect(indianDate(ist('2026-11-20T23:59:59.999'))).toBe('20261120')
    expect(indianDate(ist('2026-11-21T00:00:00'))).toBe('20261121')
    expect(indianDate(Date.parse('2026-12-31T18:30:00Z'))).toBe('20270101')
  })

  it('reads times of day', () => {
    expect(parseTimesOfDay('06:30,08:30')).toEqual([390, 510])
    expect(parseTimesOfDay(' 00:00 , 23:59 ')).toEqual([0, 1439])
  })

  it.each(['', '24:00', '6:30', '06:60', '06:30;08:30', '06:30,', 'noon', '-1:00'])('refuses %j', (text) => {
    expect(parseTimesOfDay(text)).toBeUndefined()
  })

  it.each([
    ['2026-11-20T05:00:00', 90],
    ['2026-11-20T06:29:00', 1],
    ['2026-11-20T06:30:00', 120],
    ['2026-11-20T07:00:00', 90],
    ['2026-11-20T08:30:00', 22 * 60],
    ['2026-11-20T23:30:00', 7 * 60],
  ])('is %s: minutes until 06:30 or 08:30 are %i', (now, minutes) => {
    expect(untilNextTimeMs(ist(now), [390, 510])).toBe(minutes * MINUTE_MS)
  })

  it('has no next time without times', () => {
    expect(untilNextTimeMs(0, [])).toBeUndefined()
  })
})
