import { HttpCaller } from '@xts-bridge/http'
import { XtsInteractive } from '@xts-bridge/xts'
import { ok, until } from '../simulated-broker'
import type { FaultDesk } from './fault-desk'
import type { FaultRows } from './fault-rows'

const fillOne = async (desk: FaultDesk) => {
  const sent = desk.order()
  ok(await desk.xts.place(sent))
  await desk.untilTold(sent, 'filled')
  return sent
}

/** Waits until a read is answered again. */
async function untilAnswered(desk: FaultDesk): Promise<void> {
  await until(async () => (await desk.xts.orders()).kind === 'ok')
}

/** A restart under a running session: an order in its midst is sent at most once, and everything comes back by itself. */
const restarted =
  (
    name: 'restart-keeps-orders' | 'restart-forgets-orders',
    check: (desk: FaultDesk, tag: string) => Promise<void>,
  ) =>
  async (desk: FaultDesk): Promise<void> => {
    const before = await fillOne(desk)
    await desk.fault({ name, parameters: { downMs: 300 } })
    await until(() => !desk.sockets.interactive.isLive)
    const during = desk.order()
    const { kind } = await desk.xts.place(during)
    expect(['not-sent', 'unknown', 'ok']).toContain(kind)
    expect(await desk.received(during)).toBeLessThanOrEqual(1)
    await desk.untilBack('interactive')
    await untilAnswered(desk)
    expect(desk.deadEpochs.interactive).toEqual([])
    await check(desk, before.tag)
  }

/** Faults of the broker as a whole. Nothing is sent twice because a connection was lost. */
export const BROKER_ROWS = {
  'restart-keeps-orders': {
    behaviour: 'calls and socket come back by themselves, and the book has the order of before',
    check: restarted('restart-keeps-orders', async (desk, tag) => {
      expect(ok(await desk.xts.orders()).rows.map((row) => row.tag)).toContain(tag)
    }),
  },
  'restart-forgets-orders': {
    behaviour: 'the book lacks an order that was told, which the events still prove',
    check: restarted('restart-forgets-orders', async (desk, tag) => {
      expect(ok(await desk.xts.orders()).rows.map((row) => row.tag)).not.toContain(tag)
      expect(desk.orders.some((seen) => seen.tag === tag && seen.state === 'filled')).toBe(true)
    }),
  },
  'connection-limit': {
    behaviour:
      'an order whose connection is reset is sent at most once, and the calls go on when there is room',
    check: async (desk) => {
      await desk.fault({ name: 'connection-limit' })
      const sent = desk.order()
      const { kind } = await desk.xts.place(sent)
      const times = await desk.received(sent)
      expect(times).toBe(kind === 'ok' ? 1 : 0)
      await desk.broker.clearFaults()
      await untilAnswered(desk)
    },
  },
  'connections-reset': {
    behaviour: 'a connection that is reset at once carried no order; the open ones live on',
    check: async (desk) => {
      await fillOne(desk)
      await desk.fault({ name: 'connections-reset' })
      ok(await desk.xts.orders())
      const { http: opened, profile } = desk.broker
      expect(opened.isBreakerOpen('read')).toBe(false)
      const http = new HttpCaller({
        baseUrl: profile.baseUrl,
        verifyTls: true,
        timeoutMs: 10_000,
        clock: desk.clock,
      })
      const token = { token: 't', userId: 'u', clientCodes: [], isInvestorClient: false, epoch: 9 }
      const sent = desk.order()
      try {
        const fresh = new XtsInteractive({ http, profile, token: () => token })
        expect(['not-sent', 'unknown']).toContain((await fresh.place(sent)).kind)
      } finally {
        await http.close()
      }
      expect(await desk.received(sent)).toBe(0)
    },
  },
} as const satisfies FaultRows
