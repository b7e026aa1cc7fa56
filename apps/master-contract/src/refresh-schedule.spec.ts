import { ManualClock, type Clock } from '@xts-bridge/contracts'
import { indianDate } from './indian-time'
import type { ListSegment } from './list-segments'
import { RefreshSchedule } from './refresh-schedule'

const MINUTE_MS = 60_000
const ist = (text: string): number => Date.parse(`${text}+05:30`)

/** A keeper whose list is of the given version, and whose first refreshes fail; `refused` segments stay refused. */
function scheduleAt(now: string, version: string | undefined, failures = 0, refused: ListSegment[] = []) {
  const clock = new ManualClock(ist(now))
  const refreshedAtMs: number[] = []
  const asked: (readonly ListSegment[] | undefined)[] = []
  const keeper = {
    refusedSegments: refused,
    version,
    lastProblem: undefined as string | undefined,
    status: () => ({ version: keeper.version, lastProblem: keeper.lastProblem }),
    refresh: async (only?: readonly ListSegment[]) => {
      refreshedAtMs.push(clock.nowMs())
      asked.push(only)
      keeper.lastProblem = refreshedAtMs.length <= failures ? 'no list' : undefined
      if (keeper.lastProblem !== undefined) throw new Error('no list')
      if (keeper.refusedSegments.length > 0) keeper.lastProblem = 'a segment was refused'
      keeper.version = `v${indianDate(clock.nowMs())}-1`
    },
  }
  const retry = { firstMs: 500, mostMs: 5 * MINUTE_MS }
  const options = { clock, keeper, timesOfDay: [390, 510], retry }
  return { clock, keeper, options, schedule: new RefreshSchedule(options), refreshedAtMs, asked }
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

  it('for refused segments alone, on start and until they are taken', async () => {
    const { clock, keeper, schedule, asked } = scheduleAt('2026-11-20T10:00:00', 'v20261120-1', 0, ['NSEFO'])
    schedule.start()
    await clock.advance(600)
    expect(asked).toEqual([['NSEFO'], ['NSEFO']])
    keeper.refusedSegments = []
    await clock.advance(60 * MINUTE_MS)
    expect(asked.slice(2)).toEqual([undefined])
  })

  it('wholly again when a whole refresh failed, though one segment was refused before', async () => {
    const { clock, schedule, asked } = scheduleAt('2026-11-20T10:00:00', undefined, 1, ['NSEFO'])
    schedule.start()
    await clock.advance(600)
    expect(asked).toEqual([undefined, undefined])
  })

  it('not again when someone else had it refreshed meanwhile', async () => {
    const { clock, keeper, schedule, refreshedAtMs } = scheduleAt('2026-11-20T10:00:00', undefined, 1)
    schedule.start()
    await clock.advance(0)
    keeper.version = 'v20261120-1'
    keeper.lastProblem = undefined
    await clock.advance(MINUTE_MS)
    expect(refreshedAtMs).toHaveLength(1)
  })

  it('once when the clock is set forward past several of its times', async () => {
    const { clock, options, refreshedAtMs } = scheduleAt('2026-11-20T05:00:00', 'v20261120-1')
    const jumping = new JumpingClock(clock)
    const moved = new RefreshSchedule({ ...options, clock: jumping })
    moved.start()
    jumping.jump(5 * 60 * MINUTE_MS)
    await clock.advance(2 * MINUTE_MS)
    expect(refreshedAtMs).toHaveLength(1)
    await clock.advance(19 * 60 * MINUTE_MS)
    expect(refreshedAtMs).toHaveLength(1)
    await clock.advance(3 * 60 * MINUTE_MS)
    expect(refreshedAtMs).toHaveLength(2)
  })

  it('at the time of day the clock shows after it was set back', async () => {
    const { clock, options, refreshedAtMs } = scheduleAt('2026-11-20T07:00:00', 'v20261120-1')
    const jumping = new JumpingClock(clock)
    const moved = new RefreshSchedule({ ...options, clock: jumping })
    moved.start()
    jumping.jump(-60 * MINUTE_MS)
    await clock.advance(31 * MINUTE_MS)
    expect(refreshedAtMs).toHaveLength(1)
  })
})

/** Shows another time than its timers run by, as a machine whose clock is set. */
class JumpingClock implements Clock {
  private offsetMs = 0

  constructor(private readonly timers: ManualClock) {}

  jump(byMs: number): void {
    this.offsetMs += byMs
  }

  nowMs(): number {
    return this.timers.nowMs() + this.offsetMs
  }

  after(delayMs: number, callback: () => void): () => void {
    return this.timers.after(delayMs, callback)
  }
}
