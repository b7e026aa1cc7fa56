import { ManualClock } from '@xts-bridge/contracts'
import fc from 'fast-check'
import { ORDER_URGENCIES, OrderGovernor, type OrderUrgency, type SendPermit } from './order-governor'

/** The most sends that any stretch of one second, ends included, holds. */
function busiestSecond(sentAtMs: readonly number[]): number {
  const counts = sentAtMs.map(
    (from) => sentAtMs.filter((atMs) => atMs >= from && atMs <= from + 1_000).length,
  )
  return Math.max(0, ...counts)
}

interface Arrival {
  readonly afterMs: number
  readonly urgency: OrderUrgency
  /** How long the call looks for a connection between its permit and its first byte. */
  readonly connectMs: number
}

const arrivals = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 })),
    urgency: fc.constantFrom(...ORDER_URGENCIES),
    connectMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1_500 })),
  }),
  { minLength: 1, maxLength: 60 },
)

/** What a random run is held to. */
const limits = fc.record({
  ordersPerSecond: fc.integer({ min: 1, max: 10 }),
  minSpacingMs: fc.constantFrom(0, 0, 0, 20, 100),
})

const closest = (sentAtMs: readonly number[]): number =>
  Math.min(...sentAtMs.slice(1).map((atMs, index) => atMs - (sentAtMs[index] ?? 0)), Infinity)

async function sendOne(
  governor: OrderGovernor,
  clock: ManualClock,
  arrival: Arrival,
): Promise<number | undefined> {
  for (let connectMs = arrival.connectMs; ; connectMs = 0) {
    const permit = await governor.admit(arrival.urgency)
    if (permit === undefined) return undefined
    if (connectMs > 0) await new Promise<void>((resolve) => clock.after(connectMs, resolve))
    try {
      permit.use()
      return clock.nowMs()
    } catch {
      expect(permit.isLate).toBe(true)
    }
  }
}

it('never lets more than its number out in any sliding second, and lets all out in the end', async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, limits, async (all, { ordersPerSecond, minSpacingMs }) => {
      const clock = new ManualClock()
      const governor = new OrderGovernor({ clock, ordersPerSecond, minSpacingMs, maxWaitMs: 1_000_000 })
      const sentAtMs: number[] = []
      for (const arrival of all) {
        await clock.advance(arrival.afterMs)
        void sendOne(governor, clock, arrival).then((atMs) => sentAtMs.push(atMs ?? Number.NaN))
      }
      for (let second = 0; second < 500 && sentAtMs.length < all.length; second += 1)
        await clock.advance(1_000)
      expect(sentAtMs).toHaveLength(all.length)
      expect(sentAtMs.every(Number.isFinite)).toBe(true)
      expect(busiestSecond(sentAtMs)).toBeLessThanOrEqual(ordersPerSecond)
      expect(closest(sentAtMs)).toBeGreaterThanOrEqual(minSpacingMs)
      expect(governor.waitingCount()).toBe(0)
    }),
    { numRuns: 60 },
  )
}, 60_000)

it('lets cancels go before exits and exits before entries, first come first within each', async () => {
  const clock = new ManualClock()
  const governor = new OrderGovernor({ clock, ordersPerSecond: 1 })
  const order: string[] = []
  const send = async (urgency: OrderUrgency, name: string): Promise<void> => {
    const permit = await governor.admit(urgency)
    permit?.use()
    order.push(name)
  }
  const asked = [
    send('entry', 'first'),
    send('entry', 'entry 1'),
    send('entry', 'entry 2'),
    send('exit', 'exit'),
    send('cancel', 'cancel 1'),
    send('cancel', 'cancel 2'),
  ]
  await clock.advance(0)
  await clock.advance(6_000)
  await Promise.all(asked)
  expect(order).toEqual(['first', 'cancel 1', 'cancel 2', 'exit', 'entry 1', 'entry 2'])
})

it('is not filled by calls that look for a connection: a cancel passes them soon', async () => {
  const clock = new ManualClock()
  const governor = new OrderGovernor({ clock, ordersPerSecond: 2 })
  await governor.admit('entry')
  await governor.admit('entry')
  let cancel: SendPermit | undefined
  void governor.admit('cancel').then((permit) => (cancel = permit))
  await clock.advance(200)
  expect(cancel).toBeUndefined()
  await clock.advance(100)
  expect(cancel).toBeDefined()
})

it('gives the place of a call that was not sent to the next at once', async () => {
  const clock = new ManualClock()
  const governor = new OrderGovernor({ clock, ordersPerSecond: 1 })
  const first = await governor.admit('entry')
  const second = governor.admit('entry')
  first?.release()
  expect(await second).toBeDefined()
})

it('does not give back the place of a call that was sent', async () => {
  const clock = new ManualClock()
  const governor = new OrderGovernor({ clock, ordersPerSecond: 1 })
  const first = await governor.admit('entry')
  first?.use()
  first?.release()
  let second: SendPermit | undefined
  void governor.admit('entry').then((permit) => (second = permit))
  await clock.advance(1_000)
  expect(second).toBeUndefined()
})

it('remembers what went out before a restart', async () => {
  const clock = new ManualClock()
  const recentSendsAtMs = [clock.nowMs() - 900, clock.nowMs() - 100, clock.nowMs() - 5_000]
  const governor = new OrderGovernor({ clock, ordersPerSecond: 2, recentSendsAtMs })
  let granted = false
  void governor.admit('cancel').then(() => (granted = true))
  await clock.advance(100)
  expect(granted).toBe(false)
  await clock.advance(100)
  expect(granted).toBe(true)
})

it('turns away who cannot be served in time, and the newest of the least urgent when too many wait', async () => {
  const clock = new ManualClock()
  const governor = new OrderGovernor({ clock, ordersPerSecond: 1, maxWaitMs: 500, maxWaiting: 1 })
  ;(await governor.admit('entry'))?.use()
  const waits = governor.admit('exit')
  expect(await governor.admit('entry')).toBeUndefined()
  expect(await governor.admit('exit')).toBeUndefined()
  const cancel = governor.admit('cancel')
  expect(await waits).toBeUndefined()
  await clock.advance(500)
  expect(await cancel).toBeUndefined()
  expect(governor.waitingCount()).toBe(0)
})

it('lets nothing out for a second after the broker’s limiter spoke, then half as much for a while', async () => {
  const clock = new ManualClock()
  const slowed: number[] = []
  const governor = new OrderGovernor({
    clock,
    ordersPerSecond: 8,
    maxWaitMs: 1_000_000,
    listener: { onSlowedDown: (ordersPerSecond) => slowed.push(ordersPerSecond) },
  })
  const sentAtMs: number[] = []
  const burst = (count: number): void => {
    for (let index = 0; index < count; index += 1)
      void sendOne(governor, clock, { afterMs: 0, urgency: 'entry', connectMs: 0 }).then((atMs) =>
        sentAtMs.push((atMs ?? Number.NaN) - start),
      )
  }
  const start = clock.nowMs()
  governor.slowDown()
  burst(20)
  await clock.advance(1_000)
  expect(sentAtMs).toEqual([])
  await clock.advance(3_000)
  expect(busiestSecond(sentAtMs)).toBe(4)
  governor.slowDown()
  expect(slowed).toEqual([4, 2])
  await clock.advance(60_000)
  expect(sentAtMs).toHaveLength(20)
  sentAtMs.length = 0
  burst(20)
  await clock.advance(10_000)
  expect(busiestSecond(sentAtMs)).toBe(8)
})

it('holds a permit that was granted before the limiter spoke', async () => {
  const clock = new ManualClock()
  let held = 0
  const governor = new OrderGovernor({ clock, ordersPerSecond: 2, listener: { onHeld: () => held++ } })
  const permit = await governor.admit('entry')
  governor.slowDown()
  expect(() => permit?.use()).toThrow(/no room/)
  expect([permit?.isLate, held]).toEqual([true, 1])
})

it('tells how long each call waited, and who was turned away', async () => {
  const clock = new ManualClock()
  const told: string[] = []
  const governor = new OrderGovernor({
    clock,
    ordersPerSecond: 1,
    maxWaitMs: 2_000,
    maxWaiting: 2,
    listener: {
      onGranted: (urgency, waitedMs) => told.push(`${urgency} after ${waitedMs}`),
      onTurnedAway: (urgency) => told.push(`${urgency} turned away`),
    },
  })
  ;(await governor.admit('entry'))?.use()
  void governor.admit('exit').then((permit) => permit?.use())
  void governor.admit('entry')
  void governor.admit('entry')
  await clock.advance(2_000)
  expect(told).toEqual(['entry after 0', 'entry turned away', 'exit after 1050', 'entry turned away'])
})

it.each([-1, Number.NaN])('cannot keep %p milliseconds between two', (minSpacingMs) => {
  const options = { clock: new ManualClock(), ordersPerSecond: 1, minSpacingMs }
  expect(() => new OrderGovernor(options)).toThrow(/minSpacingMs/)
})

it.each([0, -1, 1.5, Number.NaN])('cannot hold to %p orders per second', (ordersPerSecond) => {
  expect(() => new OrderGovernor({ clock: new ManualClock(), ordersPerSecond })).toThrow(/ordersPerSecond/)
})
