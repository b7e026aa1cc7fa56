import { ManualClock } from '@xts-bridge/contracts'
import {
  brokerProfile,
  brokerSettings,
  httpOptions,
  XtsInteractive,
  type BrokerOrderInstruction,
  type CallOutcome,
  type XtsToken,
} from '@xts-bridge/xts'
import { ok, RELIANCE, SimulatedBroker, until } from './simulated-broker'

const HOUR_MS = 3_600_000
const PROBE_EVERY_MS = 5_000
/** What the services give their HTTP client. */
const { probePath } = httpOptions(brokerSettings.parse({}), brokerProfile('simulator'))

let broker: SimulatedBroker
const clock = new ManualClock()
let attempts: { readonly path: string; readonly status: number | undefined }[] = []

beforeEach(async () => {
  attempts = []
  const onCall = ({ path, status }: { path: string; status?: number | undefined }) =>
    void attempts.push({ path, status })
  broker = await SimulatedBroker.start(
    'retail',
    {},
    { http: { clock, probePath, timeoutMs: 10_000, onCall } },
  )
})
afterEach(() => broker.close())

/** Lets time pass in small steps until the call is over; the traffic is real, and needs real moments between them. */
async function settled<T>(call: Promise<CallOutcome<T>>): Promise<CallOutcome<T>> {
  let outcome: CallOutcome<T> | undefined
  void call.then((value) => (outcome = value))
  await until(async () => {
    if (outcome === undefined) await clock.advance(50)
    return outcome !== undefined
  })
  return call
}

function order(tag: string): BrokerOrderInstruction {
  return {
    ...{ tag, ...RELIANCE, side: 'BUY', priceType: 'MARKET', product: 'MIS', validity: 'DAY' },
    ...{ quantity: 1, disclosedQuantity: 0, price: 0, triggerPrice: 0 },
  }
}

describe('a broker that answers with a page of HTML for an hour', () => {
  it('is left alone but for a probe each 5 s and for cancels, and trades on once a probe is answered', async () => {
    const token: XtsToken = await broker.logInInteractive()
    const xts = new XtsInteractive({ http: broker.http, profile: broker.profile, token: () => token })
    await broker.setFault({ name: 'bad-gateway' })

    expect(await settled(xts.place(order('first')))).toMatchObject({ kind: 'unknown' })
    while (!broker.http.isBreakerOpen('read')) await settled(xts.orders())
    while (!broker.http.isBreakerOpen('entry')) await settled(xts.place(order(`more${attempts.length}`)))
    attempts = []

    const startedAtMs = clock.nowMs()
    while (clock.nowMs() - startedAtMs < HOUR_MS) {
      const before = attempts.length
      await clock.advance(PROBE_EVERY_MS)
      await until(() => attempts.length > before)
      const held = { kind: 'not-sent', reason: expect.stringMatching(/held back/) as string }
      expect(await xts.orders()).toMatchObject(held)
      expect(await xts.place(order('held'))).toMatchObject(held)
    }
    const probes = attempts.filter(({ path }) => path === probePath)
    expect(attempts).toHaveLength(probes.length)
    expect(probes.length).toBeLessThanOrEqual(HOUR_MS / PROBE_EVERY_MS)
    expect(await xts.cancel({ brokerOrderId: '1', tag: 'first' })).toMatchObject({ kind: 'unknown' })
    expect(attempts.at(-1)).toEqual({ path: '/interactive/orders', status: 502 })

    await broker.clearFaults()
    await clock.advance(PROBE_EVERY_MS)
    await until(() => !broker.http.isBreakerOpen('read') && !broker.http.isBreakerOpen('entry'))
    expect(ok(await xts.orders())).toEqual({ rows: [], isEmptyAnswer: true })
    ok(await xts.place(order('after')))
    expect((await broker.received()).tags).toEqual({ after: 1 })
  })

  it('under status 200 is no success: reads stay unknown for as long as it lasts, and are whole afterwards', async () => {
    const token = await broker.logInInteractive()
    const xts = new XtsInteractive({ http: broker.http, profile: broker.profile, token: () => token })
    await broker.setFault({ name: 'html-instead-of-json' })
    for (let minute = 0; minute < 60; minute += 1) {
      expect(await xts.orders()).toMatchObject({ kind: 'unknown' })
      await clock.advance(60_000)
    }
    expect(broker.http.isBreakerOpen('read')).toBe(false)
    await broker.clearFaults()
    ok(await xts.orders())
  })
})
