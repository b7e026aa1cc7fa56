import { ManualClock } from '@xts-bridge/contracts'
import { RefreshSchedule } from './refresh-schedule'

const MINUTE_MS = 60_000
const ist = (text: string): number => Date.parse(`${text}+05:30`)

/** A keeper whose list is of the given version, and whose first refreshes fail. */
function scheduleAt(now: string, version: string | undefined, failures = 0) {
  const clock = new ManualClock(ist(now))
  const refreshedAtMs: number[] = []
  const keeper = {
    status: () => ({ version }),
    refresh: async () => {
      refreshedAtMs.push(clock.nowMs())
      if (refreshedAtMs.length <= failures) throw new Error('no list')
    },
  }
  const schedule = new RefreshSchedule({ clock, keeper, timesOfDay: [390, 510] })
  return { clock, schedule, refreshedAtMs }
}

describe('the list is refreshed', () => {
  it('on start when there is none', () => {
    const { schedule, refreshedAtMs } = scheduleAt('2026-11-20T10:00:00', undefined)
    schedule.start()
    expect(refreshedAtMs).toHaveLength(1)
  })

  it('on start when it is of another Indian day', () => {
    const { schedule, refreshedAtMs } = scheduleAt('2026-11-20T00:01:00', 'v20261119-3')
    schedule.start()
    expect(refreshedAtMs).toHaveLength(1)
  })

  it('not on start when it is of today', () => {
    const { schedule, refreshedAtMs } = scheduleAt('2026-11-20T23:59:00', 'v20261120-1')
    schedule.start()
    expect(refreshedAtMs).toEqual([])
  })

  it('at its times, day after day', async () => {
    const { clock, schedule, refreshedAtMs } = scheduleAt('2026-11-20T06:00:00', 'v20261120-1')
    schedule.start()
    await clock.advance(48 * 60 * MINUTE_MS)
    expect(refreshedAtMs).toEqual(
      ['2026-11-20T06:30', '2026-11-20T08:30', '2026-11-21T06:30', '2026-11-21T08:30'].map(ist),
    )
  })

  it('again after a failure, ever later, until one succeeds', async () => {
    const { clock, schedule, refreshedAtMs } = scheduleAt('2026-11-20T10:00:00', undefined, 4)
    schedule.start()
    await clock.advance(0)
    await clock.advance(60 * MINUTE_MS)
    const startMs = ist('2026-11-20T10:00:00')
    expect(refreshedAtMs.map((atMs) => atMs - startMs)).toEqual([0, 500, 1_500, 3_500, 7_500])
  })

  it('never less often than every five minutes while it fails', async () => {
    const { clock, schedule, refreshedAtMs } = scheduleAt('2026-11-20T10:00:00', undefined, 1_000)
    schedule.start()
    await clock.advance(0)
    await clock.advance(120 * MINUTE_MS)
    const waits = refreshedAtMs.slice(1).map((atMs, at) => atMs - (refreshedAtMs[at] ?? 0))
    expect(Math.max(...waits)).toBe(5 * MINUTE_MS)
  })

  it('at once when what it failed for may have come', async () => {
    const { clock, schedule, refreshedAtMs } = scheduleAt('2026-11-20T10:00:00', undefined, 1)
    schedule.start()
    await clock.advance(10)
    schedule.retryNow()
    expect(refreshedAtMs).toHaveLength(2)
    await clock.advance(MINUTE_MS)
    schedule.retryNow()
    expect(refreshedAtMs).toHaveLength(2)
  })

  it('no more once it is closed', async () => {
    const { clock, schedule, refreshedAtMs } = scheduleAt('2026-11-20T06:00:00', undefined, 1_000)
    schedule.start()
    await clock.advance(10)
    schedule.close()
    await clock.advance(24 * 60 * MINUTE_MS)
    expect(refreshedAtMs).toHaveLength(1)
  })
})
