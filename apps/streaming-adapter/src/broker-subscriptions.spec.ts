import { ManualClock } from '@xts-bridge/contracts'
import type { CallOutcome, MarketUpdate } from '@xts-bridge/xts'
import { BrokerSubscriptions } from './broker-subscriptions'
import type { InstrumentRef } from './instrument-key'

type Subscribed = CallOutcome<readonly MarketUpdate[]>
const ok: Subscribed = { kind: 'ok', value: [] }
const rejected = (brokerCode: string, isSessionInvalid = false): Subscribed => ({
  kind: 'rejected',
  brokerCode,
  brokerDescription: `description of ${brokerCode}`,
  isSessionInvalid,
  epoch: 4,
})
const ref = (token: number): InstrumentRef => ({ segment: 'NSECM', token })
const TIMING = { collectMs: 5, lingerMs: 1_000, pauseMs: 100, batchSize: 3 }

/** A broker that answers each subscribe by `answer`, and a desk that writes down what happened. */
function desk(answer: (tokens: number[]) => Subscribed | Promise<Subscribed> = () => ok) {
  const clock = new ManualClock()
  const wanted = new Set<number>()
  const calls: string[] = []
  const happened: string[] = []
  const tokens = (refs: readonly InstrumentRef[]): number[] => refs.map(({ token }) => token)
  const subscriptions = new BrokerSubscriptions({
    calls: {
      subscribe: (refs) => {
        calls.push(`+${tokens(refs).join(',')}`)
        return Promise.resolve(answer(tokens(refs)))
      },
      unsubscribe: (refs) => {
        calls.push(`-${tokens(refs).join(',')}`)
        return Promise.resolve({ kind: 'ok', value: undefined })
      },
    },
    clock,
    timing: TIMING,
    wanted: () => [...wanted].map(ref),
    isWanted: ({ token }) => wanted.has(token),
    onSnapshot: (updates) => happened.push(`snapshot of ${updates.length}`),
    onDropped: ({ token }) => happened.push(`dropped ${token}`),
    onRefused: ({ token }, reason) => happened.push(`refused ${token}: ${reason}`),
    onSessionInvalid: (epoch) => happened.push(`session ${epoch} invalid`),
    onReplayed: () => happened.push('replayed'),
  })
  const want = (...added: number[]): void => {
    for (const token of added) wanted.add(token)
    subscriptions.demandChanged()
  }
  const unwant = (...removed: number[]): void => {
    for (const token of removed) wanted.delete(token)
    subscriptions.demandChanged()
  }
  return { clock, calls, happened, subscriptions, want, unwant }
}

describe('BrokerSubscriptions', () => {
  it('subscribes nothing before the socket is joined', async () => {
    const { clock, calls, want } = desk()
    want(1, 2)
    await clock.advance(10_000)
    expect(calls).toEqual([])
  })

  it('sends demand that arrives together in one call', async () => {
    const { clock, calls, subscriptions, want } = desk()
    subscriptions.connectionUp()
    await clock.advance(200)
    want(1)
    want(2)
    want(3)
    await clock.advance(5)
    expect(calls).toEqual(['+1,2,3'])
    expect(subscriptions.heldCount).toBe(3)
  })

  it('is not put off by demand that keeps coming', async () => {
    const { clock, calls, subscriptions, want } = desk()
    subscriptions.connectionUp()
    await clock.advance(200)
    for (let token = 1; token <= 3; token += 1) {
      want(token)
      await clock.advance(3)
    }
    expect(calls).toEqual(['+1,2'])
  })

  it('sends more than a batch in several calls, with the pause between them', async () => {
    const { clock, calls, subscriptions, want } = desk()
    want(1, 2, 3, 4, 5, 6, 7)
    subscriptions.connectionUp()
    await clock.advance(0)
    expect(calls).toEqual(['+1,2,3'])
    await clock.advance(99)
    expect(calls).toHaveLength(1)
    await clock.advance(101)
    expect(calls).toEqual(['+1,2,3', '+4,5,6', '+7'])
  })

  it('does not let new demand shorten the pause between two calls', async () => {
    const { clock, calls, subscriptions, want } = desk()
    want(1)
    subscriptions.connectionUp()
    await clock.advance(1)
    want(2)
    await clock.advance(50)
    expect(calls).toEqual(['+1'])
    await clock.advance(50)
    expect(calls).toEqual(['+1', '+2'])
  })

  it('says once that everything is replayed', async () => {
    const { clock, happened, subscriptions, want } = desk()
    want(1, 2, 3, 4)
    subscriptions.connectionUp()
    await clock.advance(1_000)
    want(5)
    await clock.advance(1_000)
    expect(happened.filter((line) => line === 'replayed')).toHaveLength(1)
    expect(happened.indexOf('replayed')).toBe(2)
  })

  it('unsubscribes only after the linger', async () => {
    const { clock, calls, happened, subscriptions, want, unwant } = desk()
    want(1, 2)
    subscriptions.connectionUp()
    await clock.advance(500)
    unwant(1)
    await clock.advance(900)
    expect(calls).toEqual(['+1,2'])
    await clock.advance(200)
    expect(calls).toEqual(['+1,2', '-1'])
    expect(happened).toContain('dropped 1')
    expect(subscriptions.heldCount).toBe(1)
  })

  it('calls nobody when an instrument is wanted again within the linger', async () => {
    const { clock, calls, subscriptions, want, unwant } = desk()
    want(1)
    subscriptions.connectionUp()
    await clock.advance(500)
    unwant(1)
    await clock.advance(900)
    want(1)
    await clock.advance(5_000)
    expect(calls).toEqual(['+1'])
  })

  it('replays everything wanted after a reconnect, and takes back what was let go meanwhile', async () => {
    const { clock, calls, subscriptions, want, unwant } = desk()
    want(1, 2)
    subscriptions.connectionUp()
    await clock.advance(500)
    subscriptions.connectionDown()
    expect(subscriptions.heldCount).toBe(0)
    unwant(1)
    want(3)
    await clock.advance(5_000)
    subscriptions.connectionUp()
    await clock.advance(3_000)
    expect(calls).toEqual(['+1,2', '+2,3', '-1'])
  })

  it('subscribes anew what was lingering when the connection went and is wanted again on the next', async () => {
    const { clock, calls, subscriptions, want, unwant } = desk()
    want(1)
    subscriptions.connectionUp()
    await clock.advance(500)
    unwant(1)
    await clock.advance(100)
    subscriptions.connectionDown()
    subscriptions.connectionUp()
    await clock.advance(100)
    expect(subscriptions.heldCount).toBe(0)
    want(1)
    await clock.advance(5_000)
    expect(calls).toEqual(['+1', '+1'])
    expect(subscriptions.heldCount).toBe(1)
  })

  it('does not believe an answer of the connection before', async () => {
    const release: ((outcome: Subscribed) => void)[] = []
    const { clock, happened, subscriptions, want } = desk(
      () => new Promise((resolve) => release.push(resolve)),
    )
    want(1)
    subscriptions.connectionUp()
    await clock.advance(1)
    subscriptions.connectionDown()
    subscriptions.connectionUp()
    release[0]?.({ kind: 'ok', value: [{ segment: 'NSECM', token: 1, lastPrice: 5 }] })
    await clock.advance(1_000)
    expect(subscriptions.heldCount).toBe(0)
    expect(happened).toEqual([])
    release[1]?.(ok)
    await clock.advance(1)
    expect(subscriptions.heldCount).toBe(1)
    expect(happened).toEqual(['snapshot of 0', 'replayed'])
  })

  it('counts a batch that the broker has all the same as subscribed', async () => {
    const { clock, calls, subscriptions, want } = desk(() => rejected('e-session-0002'))
    want(1, 2)
    subscriptions.connectionUp()
    await clock.advance(60_000)
    expect(calls).toEqual(['+1,2'])
    expect(subscriptions.heldCount).toBe(2)
  })

  it('does not count an instrument as subscribed that was refused while its batch was accepted', async () => {
    const { clock, calls, happened, subscriptions, want } = desk(() => {
      subscriptions.refuse(ref(2), 'not known')
      return ok
    })
    want(1, 2)
    subscriptions.connectionUp()
    await clock.advance(60_000)
    expect(calls).toEqual(['+1,2'])
    expect(subscriptions.heldCount).toBe(1)
    expect(happened).toContain('refused 2: not known')
  })

  it('narrows a spoiled batch down to the one bad instrument, and keeps the others', async () => {
    const { clock, happened, subscriptions, want } = desk((tokens) =>
      tokens.includes(2) ? rejected('e-app-0001') : ok,
    )
    want(1, 2, 3)
    subscriptions.connectionUp()
    await clock.advance(5_000)
    expect(subscriptions.heldCount).toBe(2)
    expect(happened).toContain('refused 2: description of e-app-0001 (e-app-0001)')
    expect(happened).toContain('replayed')
  })

  it('does not ask again for a refused instrument until refusals are forgotten', async () => {
    const { clock, calls, subscriptions, want } = desk((tokens) =>
      tokens.includes(2) ? rejected('e-app-0001') : ok,
    )
    want(2)
    subscriptions.connectionUp()
    await clock.advance(60_000)
    expect(calls).toEqual(['+2'])
    subscriptions.forgetRefusals()
    await clock.advance(1_000)
    expect(calls).toEqual(['+2', '+2'])
  })

  it('refuses what is missing at the limit of the session, without asking for each', async () => {
    const { clock, calls, happened, subscriptions, want } = desk((tokens) =>
      tokens.some((token) => token > 1) ? rejected('e-session-0004') : ok,
    )
    want(1, 2, 3, 4, 5, 6, 7, 8)
    subscriptions.connectionUp()
    await clock.advance(60_000)
    expect(subscriptions.heldCount).toBe(1)
    expect(subscriptions.refusedCount).toBe(7)
    expect(calls.length).toBeLessThan(8)
    expect(happened).toContain('refused 8: description of e-session-0004')
  })

  it('reports a refused token once and waits for the next session', async () => {
    const { clock, calls, happened, subscriptions, want } = desk(() => rejected('e-session-0007', true))
    want(1)
    subscriptions.connectionUp()
    await clock.advance(60_000)
    expect(happened).toEqual(['session 4 invalid'])
    expect(calls).toEqual(['+1'])
  })

  it.each<[string, Subscribed]>([
    ['a lost answer', { kind: 'unknown', reason: 'timeout' }],
    ['a call that was not sent', { kind: 'not-sent', reason: 'breaker', isSessionMissing: false }],
    ['a rate limit', rejected('e-apirl-0004')],
  ])('tries again, each time later, after %s', async (_, failure) => {
    const answers = [failure, failure, ok]
    const { clock, calls, happened, subscriptions, want } = desk(() => answers.shift() ?? ok)
    want(1)
    subscriptions.connectionUp()
    await clock.advance(499)
    expect(calls).toHaveLength(1)
    await clock.advance(1)
    expect(calls).toHaveLength(2)
    await clock.advance(999)
    expect(calls).toHaveLength(2)
    await clock.advance(1)
    expect(calls).toHaveLength(3)
    expect(subscriptions.heldCount).toBe(1)
    expect(happened.filter((line) => line.startsWith('refused'))).toEqual([])
  })
})
