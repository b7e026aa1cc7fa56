import { fromTickSeconds, parseBrokerTime } from './broker-time'

const at = (iso: string): number => Date.parse(iso)

it.each([
  ['04-02-2026 14:22:11', '2026-02-04T14:22:11+05:30'],
  ['2025-01-30T14:08:02.0921673', '2025-01-30T14:08:02.092+05:30'],
  ['2025-01-01T10:00:15.237162+05:30', '2025-01-01T10:00:15.237+05:30'],
  ['2025-01-30T14:08:00+05:30', '2025-01-30T14:08:00+05:30'],
  ['2024-12-27T11:22:47', '2024-12-27T11:22:47+05:30'],
  ['2024-12-27T11:22:47.5', '2024-12-27T11:22:47.500+05:30'],
  ['2024-12-27T11:22:47Z', '2024-12-27T11:22:47Z'],
  ['2024-12-27T11:22:47-03:30', '2024-12-27T11:22:47-03:30'],
  ['29-02-2024 00:00:00', '2024-02-29T00:00:00+05:30'],
])('reads %s as %s', (text, iso) => {
  expect(parseBrokerTime(text)).toBe(at(iso))
})

it.each([
  undefined,
  '',
  '01-01-1980 00:00:00',
  '1980-01-01T00:00:00',
  '0001-01-01T00:00:00',
  '31-02-2026 10:00:00',
  '29-02-2026 10:00:00',
  '04-13-2026 14:22:11',
  '04-02-2026 25:00:00',
  '2026-02-30T10:00:00',
  '2026-02-04',
  '2026-02-04 14:22:11',
  '9-16-2025 1:30:00 PM',
  'yesterday',
  '2026-02-04T14:22:11+5:30',
])('takes %p for no time', (text) => {
  expect(parseBrokerTime(text)).toBeUndefined()
})

it('counts NSE ticks from 1980 on the Indian wall clock', () => {
  // The reference's worked example: lut 1341747669 is 2022-07-08 11:41:09 IST.
  const expected = at('2022-07-08T11:41:09+05:30')
  expect(fromTickSeconds(1341747669, 'NSECM', 'ist')).toBe(expected)
  expect(fromTickSeconds(1341747669, 'NSEFO', 'utc')).toBe(expected)
  expect(fromTickSeconds(1341747669, 'NSECD', 'ist')).toBe(expected)
})

it('counts other segments from 1970, on the clock that the profile names', () => {
  const noonWallClock = at('2026-02-04T12:00:00Z') / 1_000
  expect(fromTickSeconds(noonWallClock, 'BSECM', 'ist')).toBe(at('2026-02-04T12:00:00+05:30'))
  expect(fromTickSeconds(noonWallClock, 'MCXFO', 'ist')).toBe(at('2026-02-04T12:00:00+05:30'))
  expect(fromTickSeconds(noonWallClock, 'BSEFO', 'utc')).toBe(at('2026-02-04T12:00:00Z'))
})

it.each([0, -1, undefined])('takes %p seconds for no time', (seconds) => {
  expect(fromTickSeconds(seconds, 'NSECM', 'ist')).toBeUndefined()
})
