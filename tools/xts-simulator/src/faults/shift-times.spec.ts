import { shiftTimes } from './shift-times'

const DAY_MS = 86_400_000

describe('shiftTimes', () => {
  it.each([
    ['a REST time over the end of a month', '30-11-2026 23:59:58', 3000, '01-12-2026 00:00:01'],
    ['a socket time with its fraction and zone', '2026-11-20T10:00:15.2371621+05:30', DAY_MS, '2026-11-21T10:00:15.2371621+05:30'],
    ['seconds of a tick', '{"LastTradedTime":100,"Size":5}', 2000, '{"LastTradedTime":102,"Size":5}'],
    ['seconds of a quote inside JSON', '["{\\"LastUpdateTime\\":100}"]', -2000, '["{\\"LastUpdateTime\\":98}"]'],
    ['seconds of a partial', 't:1_2885,ltt:100,lut:101,ltp:100', 1000, 't:1_2885,ltt:101,lut:102,ltp:100'],
    ['no date that means none', '01-01-1980 00:00:00 1980-01-01T00:00:00', DAY_MS, '01-01-1980 00:00:00 1980-01-01T00:00:00'],
  ])('moves %s', (_, text, byMs, expected) => {
    expect(shiftTimes(text, byMs)).toBe(expected)
  }) // prettier-ignore

  it('moves what is inside a body, and leaves bytes alone', () => {
    expect(shiftTimes({ a: ['20-11-2026 10:00:00'] }, 1000)).toEqual({ a: ['20-11-2026 10:00:01'] })
    const bytes = Buffer.from([1, 2])
    expect(shiftTimes(bytes, 1000)).toBe(bytes)
  })
})
