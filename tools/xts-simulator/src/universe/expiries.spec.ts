import {
  expiriesInMonths,
  isMonthly,
  longDate,
  monthlyExpiries,
  THURSDAY,
  TUESDAY,
  weeklyExpiries,
  yearWeek,
} from './expiries'

describe('expiries', () => {
  it('trades on its expiry day: a Tuesday is its own first weekly expiry', () => {
    expect(weeklyExpiries('2026-02-17', TUESDAY, 2)).toEqual(['2026-02-17', '2026-02-24'])
  })

  it('finds the next such weekday across a year end', () => {
    expect(weeklyExpiries('2026-12-30', TUESDAY, 1)).toEqual(['2027-01-05'])
  })

  it('takes the last Tuesday of each month', () => {
    expect(monthlyExpiries('2026-01-19', TUESDAY, 3)).toEqual(['2026-01-27', '2026-02-24', '2026-03-31'])
  })

  it('leaves a month out whose last Thursday has passed', () => {
    expect(monthlyExpiries('2026-01-30', THURSDAY, 2)).toEqual(['2026-02-26', '2026-03-26'])
  })

  it('keeps the asked months only', () => {
    expect(expiriesInMonths('2026-11-20', TUESDAY, [6, 12], 3)).toEqual([
      '2026-12-29',
      '2027-06-29',
      '2027-12-28',
    ])
  })

  it('tells a monthly from a weekly expiry', () => {
    expect(isMonthly('2026-02-24', TUESDAY)).toBe(true)
    expect(isMonthly('2026-02-17', TUESDAY)).toBe(false)
  })

  it('writes dates as the symbols do', () => {
    expect(longDate('2026-02-17')).toBe('17FEB2026')
    expect(yearWeek('2026-02-17')).toBe('26217')
    expect(yearWeek('2026-10-06')).toBe('26O06')
    expect(yearWeek('2026-12-01')).toBe('26D01')
  })
})
