import type { Clock } from '@xts-bridge/contracts'
import { ORDER_URGENCIES, OrderGovernor, type OrderUrgency } from '@xts-bridge/xts'

const ARRIVALS = 1_000_000
const ORDERS_PER_SECOND = 10
const SECOND_MS = 1_000
/** Chance that a call finds its connection only after its permit; some of those permits are then too late. */
const SLOW_CONNECTIONS = 0.1

/** Time that moves from one appointment to the next. Few are open at a time, so a list is enough. */
class Appointments implements Clock {
  private currentMs = 1_795_000_000_000
  private open: { readonly atMs: number; readonly run: () => void }[] = []

  nowMs(): number {
    return this.currentMs
  }

  after(delayMs: number, run: () => void): () => void {
    if (!Number.isFinite(delayMs)) return () => undefined
    const appointment = { atMs: this.currentMs + Math.max(0, delayMs), run }
    this.open.push(appointment)
    return () => {
      this.open = this.open.filter((other) => other !== appointment)
    }
  }

  /** Goes on to a moment, keeping what falls due on the way; promises settle in between. */
  async moveTo(untilMs: number): Promise<void> {
    for (let next = this.earliest(untilMs); next; next = this.earliest(untilMs)) {
      this.open = this.open.filter((other) => other !== next)
      this.currentMs = Math.max(this.currentMs, next.atMs)
      next.run()
      await Promise.resolve()
      await Promise.resolve()
    }
    this.currentMs = untilMs
  }

  private earliest(untilMs: number): { readonly atMs: number; readonly run: () => void } | undefined {
    let first: { readonly atMs: number; readonly run: () => void } | undefined
    for (const each of this.open) {
      if (each.atMs <= untilMs && (first === undefined || each.atMs < first.atMs)) first = each
    }
    return first
  }
}

/** xorshift32: the run says its seed, and the same seed gives the same run. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 4_294_967_296
  }
}

it('never exceeds its second over a million random arrivals', async () => {
  const seed = Number(process.env['GOVERNOR_SEED'] ?? 20_261_120)
  const random = randomFrom(seed)
  const clock = new Appointments()
  const held = { permits: 0 }
  const governor = new OrderGovernor({
    clock,
    ordersPerSecond: ORDERS_PER_SECOND,
    maxWaitMs: Infinity,
    maxWaiting: Infinity,
    listener: { onHeld: () => (held.permits += 1) },
  })
  const window: number[] = []
  let sent = 0
  const note = (atMs: number): void => {
    sent += 1
    while ((window[0] ?? Infinity) < atMs - SECOND_MS) window.shift()
    window.push(atMs)
    if (window.length > ORDERS_PER_SECOND)
      throw new Error(`${window.length} orders within one second, seed ${seed}, order ${sent}`)
  }
  const send = async (urgency: OrderUrgency): Promise<void> => {
    for (;;) {
      const permit = await governor.admit(urgency)
      if (permit === undefined) throw new Error(`a call was turned away, seed ${seed}`)
      if (random() < SLOW_CONNECTIONS)
        await new Promise<void>((resolve) => clock.after(Math.floor(random() * 1_500), resolve))
      try {
        permit.use()
        return note(clock.nowMs())
      } catch {
        if (!permit.isLate) throw new Error(`a permit failed without being late, seed ${seed}`)
      }
    }
  }
  const failures: unknown[] = []
  for (let arrival = 0; arrival < ARRIVALS && failures.length === 0; arrival += 1) {
    const isInBurst = random() < 0.5
    await clock.moveTo(clock.nowMs() + (isInBurst ? 0 : Math.floor(random() * 500)))
    const urgency = ORDER_URGENCIES[Math.floor(random() * ORDER_URGENCIES.length)] ?? 'entry'
    send(urgency).catch((error: unknown) => failures.push(error))
    await Promise.resolve()
  }
  for (let second = 0; second < 10_000 && sent < ARRIVALS && failures.length === 0; second += 1)
    await clock.moveTo(clock.nowMs() + SECOND_MS)
  expect(failures).toEqual([])
  expect(sent).toBe(ARRIVALS)
  // Without late permits the hard half of the promise was not tried.
  expect(held.permits).toBeGreaterThan(100)
}, 300_000)
