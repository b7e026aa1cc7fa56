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
    fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 10 }), async (all, ordersPerSecond) => {
      const clock = new ManualClock()
      const governor = new OrderGovernor({ clock, ordersPerSecond, maxWaitMs: 1_000_000 })
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

it('turns away who cannot be served in time, and whoever comes when too many wait', async () => {
  const clock = new ManualClock()
  const governor = new OrderGovernor({ clock, ordersPerSecond: 1, maxWaitMs: 500, maxWaiting: 1 })
  ;(await governor.admit('entry'))?.use()
  const waits = governor.admit('entry')
  expect(await governor.admit('cancel')).toBeUndefined()
  await clock.advance(500)
  expect(await waits).toBeUndefined()
  expect(governor.waitingCount()).toBe(0)
})

it.each([0, -1, 1.5, Number.NaN])('cannot hold to %p orders per second', (ordersPerSecond) => {
  expect(() => new OrderGovernor({ clock: new ManualClock(), ordersPerSecond })).toThrow(/ordersPerSecond/)
})
