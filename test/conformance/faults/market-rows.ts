import { NIFTY, ok, RELIANCE, until } from '../simulated-broker'
import type { DeskOptions, FaultDesk } from './fault-desk'
import type { FaultRows } from './fault-rows'

const FAST = { ticksPerSecond: 50, noisePerSecond: 0 }
const MARKET: DeskOptions = { sockets: ['market'], simulator: FAST }
const BINARY: DeskOptions = { ...MARKET, profile: { publishFormat: 'Binary' } }

/** Subscribes one share and waits for so many of its ticks. */
async function hear(desk: FaultDesk, count: number): Promise<void> {
  ok(await desk.market.subscribe([RELIANCE]))
  await until(() => desk.updates.length >= count)
}

/** Trades so many shares; their ticks are over when the book shows the fill. */
async function trade(desk: FaultDesk, quantity: number): Promise<void> {
  ok(await desk.xts.place(desk.order({ quantity })))
  await until(async () => ok(await desk.xts.orders()).rows[0]?.state === 'filled')
}

const onlyReliance = (desk: FaultDesk): boolean =>
  desk.updates.every(({ segment, token }) => segment === RELIANCE.segment && token === RELIANCE.token)

/** Faults of market data. What cannot be read is counted with its length; what is not there is never made up. */
export const MARKET_ROWS = {
  'quotes-empty': {
    behaviour: 'a quote that is not told is missing, and no error',
    desk: MARKET,
    check: async (desk) => {
      await desk.fault({ name: 'quotes-empty' })
      expect(ok(await desk.market.quotes([RELIANCE, NIFTY]))).toEqual([])
      await hear(desk, 1)
    },
  },
  'null-prices': {
    behaviour: 'a price that is null is no price, in quotes and in ticks',
    desk: MARKET,
    check: async (desk) => {
      await desk.fault({ name: 'null-prices' })
      expect(ok(await desk.market.quotes([RELIANCE]))[0]?.lastPrice).toBeUndefined()
      await hear(desk, 3)
      expect(desk.updates.map(({ lastPrice }) => lastPrice)).not.toContain(0)
      expect(desk.updates.every(({ lastPrice }) => lastPrice === undefined)).toBe(true)
    },
  },
  'already-subscribed': {
    behaviour: 'the batch is ended and made anew, and its ticks come',
    desk: MARKET,
    check: async (desk) => {
      await desk.fault({ name: 'already-subscribed' })
      expect(ok(await desk.market.subscribe([RELIANCE]))).toHaveLength(1)
      await until(() => desk.updates.length > 0)
    },
  },
  'subscription-limit': {
    behaviour: 'the subscription is rejected by its code, and the session is not doubted',
    desk: MARKET,
    check: async (desk) => {
      await desk.fault({ name: 'subscription-limit' })
      const refused = { kind: 'rejected', brokerCode: 'e-session-0004', isSessionInvalid: false }
      expect(await desk.market.subscribe([RELIANCE])).toMatchObject(refused)
    },
  },
  'subscribed-but-silent': {
    behaviour: 'the subscription stands without a value, and nothing is made up',
    desk: MARKET,
    check: async (desk) => {
      await desk.fault({ name: 'subscribed-but-silent' })
      expect(ok(await desk.market.subscribe([RELIANCE]))).toEqual([])
      await trade(desk, 3)
      expect(desk.updates).toEqual([])
      expect(desk.sockets.market.isLive).toBe(true)
    },
  },
  'duplicate-tick': {
    behaviour: 'both copies are told alike',
    desk: MARKET,
    check: async (desk) => {
      await desk.fault({ name: 'duplicate-tick' })
      await hear(desk, 6)
      const [first, second] = desk.updates
      expect(second).toEqual(first)
      expect(desk.unreadable).toEqual([])
    },
  },
  'partial-without-full': {
    behaviour: 'a tick says what it carried, and nothing of the rest',
    desk: { ...MARKET, profile: { broadcastMode: 'Partial' } },
    check: async (desk) => {
      await desk.fault({ name: 'partial-without-full' })
      await hear(desk, 3)
      for (const update of desk.updates) {
        expect(update.lastPrice).toBeGreaterThan(0)
        expect([update.bids, update.asks, update.open, update.openInterest]).toEqual([
          undefined,
          undefined,
          undefined,
          undefined,
        ])
      }
    },
  },
  'sequence-jumps': {
    behaviour: 'a gap in the numbers is no reason to leave a tick out',
    desk: MARKET,
    check: async (desk) => {
      await desk.fault({ name: 'sequence-jumps' })
      await hear(desk, 5)
      expect([onlyReliance(desk), desk.unreadable]).toEqual([true, []])
    },
  },
  'volume-backwards': {
    behaviour: 'each tick is read with the volume it tells',
    desk: MARKET,
    check: async (desk) => {
      await trade(desk, 500)
      await desk.fault({ name: 'volume-backwards', parameters: { by: 10 } })
      await hear(desk, 4)
      const volumes = desk.updates.flatMap(({ volume }) => (volume === undefined ? [] : [volume]))
      expect(volumes.at(-1)).toBeLessThan(volumes[0] ?? 0)
      expect(desk.unreadable).toEqual([])
    },
  },
  'property-flood': {
    behaviour: '1105 makes no tick, no price and no complaint',
    desk: MARKET,
    check: async (desk) => {
      await desk.fault({ name: 'property-flood' })
      await hear(desk, 5)
      expect([onlyReliance(desk), desk.unreadable]).toEqual([true, []])
    },
  },
  'unknown-message-code': {
    behaviour: 'a code no document has is counted with its length, and the ticks go on',
    desk: MARKET,
    check: async (desk) => {
      await desk.fault({ name: 'unknown-message-code' })
      await hear(desk, 3)
      await until(() => desk.unreadable.length > 0)
      expect(desk.unreadable[0]).toMatch(/^1599-json-full: an event of an unknown name, \d+ characters$/)
      expect(onlyReliance(desk)).toBe(true)
    },
  },
  'binary-garbage': {
    behaviour: 'rubbish is counted once per frame with its length, and the packets between are read',
    desk: BINARY,
    check: async (desk) => {
      await desk.fault({ name: 'binary-garbage' })
      await hear(desk, 3)
      await until(() => desk.unreadable.length > 0)
      expect(desk.unreadable.every((line) => /in a frame of 64 bytes\)$/.test(line))).toBe(true)
      expect(onlyReliance(desk)).toBe(true)
    },
  },
  'truncated-deflate': {
    behaviour: 'a packet that breaks off is counted with its length, and never read in part',
    desk: BINARY,
    check: async (desk) => {
      await desk.fault({ name: 'truncated-deflate' })
      await hear(desk, 3)
      await until(() => desk.unreadable.length > 0)
      expect(desk.unreadable.every((line) => /in a frame of \d+ bytes\)$/.test(line))).toBe(true)
      expect(onlyReliance(desk)).toBe(true)
    },
  },
} as const satisfies FaultRows
