import { ok, RELIANCE, until } from '../simulated-broker'
import type { FaultDesk } from './fault-desk'
import type { FaultRows } from './fault-rows'

const BOTH = { sockets: ['interactive', 'market'] } as const

const downs = (desk: FaultDesk, api: 'interactive' | 'market'): number =>
  desk.news[api].filter((line) => line.startsWith('down')).length

/** An order that the book shows as filled while the socket, live or not, has said nothing of it. */
async function fillUnheard(desk: FaultDesk): Promise<void> {
  const sent = desk.order()
  ok(await desk.xts.place(sent))
  await until(async () => ok(await desk.xts.orders()).rows[0]?.state === 'filled')
  expect([desk.statesOf(sent), desk.trades]).toEqual([[], []])
}

/** Faults of the sockets. A connection that ends is opened again; one that only seems to live proves nothing. */
export const SOCKET_ROWS = {
  'all-sessions-dropped': {
    behaviour: 'both sockets go down and come back by themselves, with the same tokens',
    desk: BOTH,
    check: async (desk) => {
      await desk.fault({ name: 'all-sessions-dropped' })
      await desk.untilBack('interactive')
      await desk.untilBack('market')
      expect([downs(desk, 'interactive'), downs(desk, 'market')]).toEqual([1, 1])
      expect(desk.deadEpochs).toEqual({ interactive: [], market: [] })
      const sent = desk.order()
      ok(await desk.xts.place(sent))
      await desk.untilTold(sent, 'filled')
    },
  },
  'socket-flapping': {
    behaviour: 'each drop is told once, the waits grow, and the last connection stays',
    check: async (desk) => {
      await desk.fault({ name: 'socket-flapping', everyMs: 100, count: 4 })
      await until(() => downs(desk, 'interactive') >= 2)
      await desk.broker.clearFaults()
      await until(() => desk.sockets.interactive.isLive)
      const { interactive } = desk.news
      expect(interactive.filter((line) => line === 'joined')).toHaveLength(downs(desk, 'interactive') + 1)
      expect(desk.deadEpochs.interactive).toEqual([])
    },
  },
  'socket-mute': {
    behaviour: 'a live and silent socket tells nothing, and the book has the fill',
    check: async (desk) => {
      await desk.fault({ name: 'socket-mute' })
      await fillUnheard(desk)
      expect(desk.sockets.interactive.isLive).toBe(true)
    },
  },
  'socket-half-open': {
    behaviour: 'nothing comes, the book has the fill, and the socket joins anew once the line is cut',
    check: async (desk) => {
      await desk.fault({ name: 'socket-half-open' })
      await fillUnheard(desk)
      await desk.broker.clearFaults()
      await desk.untilBack('interactive')
    },
  },
  'socket-refused': {
    behaviour: 'the refused epoch is reported once, and the next one joins',
    check: async (desk) => {
      await desk.fault({ name: 'socket-refused' })
      await desk.fault({ name: 'all-sessions-dropped' })
      await until(() => desk.deadEpochs.interactive.length > 0)
      expect(desk.sockets.interactive.isLive).toBe(false)
      ok(await desk.xts.orders())
      await desk.broker.clearFaults()
      await desk.renew('interactive')
      await desk.untilBack('interactive')
      expect(desk.deadEpochs.interactive).toEqual([1])
    },
  },
  'joined-missing': {
    behaviour: 'a socket that never says joined is not live, is given up, and the next one joins',
    check: async (desk) => {
      await desk.fault({ name: 'joined-missing' })
      await desk.fault({ name: 'all-sessions-dropped' })
      await until(() => desk.news.interactive.some((line) => /not joined within/.test(line)))
      expect(desk.sockets.interactive.isLive).toBe(false)
      await desk.broker.clearFaults()
      await desk.untilBack('interactive')
    },
  },
  'disconnect-on-subscribe': {
    behaviour: 'the subscription stands, the socket comes back, and subscribing anew brings ticks',
    desk: { sockets: ['market'] },
    check: async (desk) => {
      await desk.fault({ name: 'disconnect-on-subscribe' })
      ok(await desk.market.subscribe([RELIANCE]))
      await desk.untilBack('market')
      const heard = desk.updates.length
      expect(ok(await desk.market.subscribe([RELIANCE]))).toHaveLength(1)
      await until(() => desk.updates.length > heard)
    },
  },
} as const satisfies FaultRows
