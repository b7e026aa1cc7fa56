import { loginInteractive, loginMarket } from '@xts-bridge/xts'
import { KEYS, ok, until } from '../simulated-broker'
import type { FaultDesk } from './fault-desk'
import type { FaultRows } from './fault-rows'

const BOTH = { sockets: ['interactive', 'market'] } as const
const INTERACTIVE = { appKey: KEYS.interactiveKey, secretKey: KEYS.interactiveSecret }
const MARKET = { appKey: KEYS.marketKey, secretKey: KEYS.marketSecret }

const logIn = async ({ broker: { http, profile } }: FaultDesk) => ({
  interactive: await loginInteractive({ http, profile, ...INTERACTIVE }),
  market: await loginMarket({ http, profile, ...MARKET }),
})

/** Logins of the interactive key that the broker took so far. */
async function sessionsOf(desk: FaultDesk): Promise<number> {
  const response = await fetch(desk.broker.controlUrl('/sessions'))
  const { sessions } = (await response.json()) as { sessions: readonly { readonly api: string }[] }
  return sessions.filter(({ api }) => api === 'interactive').length
}

/** Faults of sessions and logins. A dead token is told by its epoch, once per socket; a login is never tried twice. */
export const SESSION_ROWS = {
  'token-revoked': {
    behaviour:
      'each socket reports the dead epoch once, calls are rejected with it, and the next login heals all',
    desk: BOTH,
    check: async (desk) => {
      await desk.fault({ name: 'token-revoked' })
      await until(() => desk.deadEpochs.interactive.length > 0 && desk.deadEpochs.market.length > 0)
      expect(await desk.xts.orders()).toMatchObject({ kind: 'rejected', isSessionInvalid: true, epoch: 1 })
      expect(await desk.market.quotes([])).toMatchObject({ kind: 'ok' })
      await desk.renew('interactive')
      await desk.renew('market')
      await desk.untilBack('interactive')
      await desk.untilBack('market')
      expect(desk.deadEpochs).toEqual({ interactive: [1], market: [2] })
      ok(await desk.xts.orders())
    },
  },
  'session-contest': {
    behaviour:
      'each login of the other program is told as one dead epoch, and nobody here logs in against it',
    check: async (desk) => {
      const before = await sessionsOf(desk)
      await desk.fault({ name: 'session-contest', everyMs: 300, count: 1 })
      await until(() => desk.deadEpochs.interactive.length > 0)
      expect(await desk.xts.orders()).toMatchObject({ kind: 'rejected', isSessionInvalid: true, epoch: 1 })
      expect(desk.deadEpochs.interactive).toEqual([1])
      expect((await sessionsOf(desk)) - before).toBeLessThanOrEqual(1)
      await desk.renew('interactive')
      await desk.untilBack('interactive')
    },
  },
  'false-logout': {
    behaviour:
      'the word is believed, the silent socket left, and the next epoch joins; calls went on all the time',
    check: async (desk) => {
      await desk.fault({ name: 'false-logout' })
      await until(() => desk.deadEpochs.interactive.length > 0)
      ok(await desk.xts.orders())
      expect(desk.sockets.interactive.isLive).toBe(false)
      await desk.renew('interactive')
      await desk.untilBack('interactive')
      expect(desk.deadEpochs.interactive).toEqual([1])
    },
  },
  'login-refused-ip': {
    behaviour: 'both logins are rejected with the broker’s code and words, and no session is doubted for it',
    check: async (desk) => {
      await desk.fault({ name: 'login-refused-ip' })
      const { interactive, market } = await logIn(desk)
      for (const outcome of [interactive, market])
        expect(outcome).toMatchObject({
          kind: 'rejected',
          brokerCode: 'e-user-0013',
          brokerDescription: expect.stringMatching(/trusted IP/i) as string,
        })
      ok(await desk.xts.orders())
    },
  },
  'login-500': {
    behaviour: 'the login is unknown, was sent once, and the next one works',
    check: async (desk) => {
      await desk.fault({ name: 'login-500', call: 'login' })
      expect((await logIn(desk)).interactive).toMatchObject({ kind: 'unknown' })
      const { interactive, market } = await logIn(desk)
      expect([ok(interactive).userId, ok(market).userId]).toEqual(['SIM0001', 'SIM0001'])
    },
  },
  'login-slow': {
    behaviour: 'a login slower than the deadline is unknown and is not sent again',
    check: async (desk) => {
      const before = await sessionsOf(desk)
      await desk.fault({ name: 'login-slow', call: 'login', delayMs: 3_000, count: 'always' })
      const { http, profile } = desk.broker
      expect(await loginInteractive({ http, profile, ...INTERACTIVE })).toMatchObject({ kind: 'unknown' })
      expect((await sessionsOf(desk)) - before).toBeLessThanOrEqual(1)
    },
  },
} as const satisfies FaultRows
