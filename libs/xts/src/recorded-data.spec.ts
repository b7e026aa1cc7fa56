import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeJsonFull } from './decode-json-full'
import { decodeMarketStatus, decodePriceBand } from './decode-notices'
import { decodePartial } from './decode-partial'
import { readEnvelope } from './envelope'
import { XtsMarket } from './market'
import type { MarketUpdate } from './model'
import { parseOrderRow } from './order-row'
import { parsePositionRow } from './position-row'
import { brokerProfile } from './profiles'
import { answered, FakeHttp } from './testing/fake-http'
import { parseTradeRow } from './trade-row'

const CLOCK = { otherSegmentsClock: 'ist' } as const
const FOLDER = join(__dirname, '../../../../shared/data')
const at = (iso: string): number => Date.parse(iso)

interface Sample {
  readonly name: string
  readonly data: unknown
}
type Row = Readonly<Record<string, unknown>>

/** Runs the suite on a recorded file, or says plainly that the file is not there. */
function withFile(name: string, suite: (text: string) => void): void {
  const file = join(FOLDER, name)
  if (existsSync(file)) suite(readFileSync(file, 'utf8'))
  else
    it(`has no ../shared/data/${name} on this machine: skipped`, () => expect(existsSync(file)).toBe(false))
}

describe('captured payloads', () => {
  withFile('xts_real_payload_samples.json', (text) => {
    const samples = JSON.parse(text) as readonly Sample[]
    const read = new Set<string>()
    const sample = (name: string): Row => {
      const found = samples.find((candidate) => candidate.name.startsWith(name))
      if (found === undefined) throw new Error(`no sample begins with ${name}`)
      read.add(found.name)
      return found.data as Row
    }

    it('hold order events and rows that are read', () => {
      expect(parseOrderRow(sample('socket.order PendingNew'))).toMatchObject({
        brokerOrderId: '1110037830',
        tag: 'zaooZdki',
        side: 'SELL',
        priceType: 'SL-M',
        triggerPrice: 2148.35,
        state: 'accepted',
        averagePrice: undefined,
        updatedAtMs: at('2025-01-01T10:00:15.237+05:30'),
      })
      expect(parseOrderRow(sample('socket.order Cancelled'))).toMatchObject({
        state: 'cancelled',
        filledQuantity: 75,
        remainingQuantity: 150,
        averagePrice: 134.05,
        reason: '17071 : The order could have resulted in self trade',
      })
      expect(parseOrderRow(sample('GET orders row (Filled)'))).toMatchObject({
        state: 'filled',
        averagePrice: 47.8,
      })
      expect(parseOrderRow(sample('GET orders row (working SL-M'))).toMatchObject({
        state: 'open',
        priceType: 'SL-M',
      })
    })

    it('hold a trade and two positions that are read', () => {
      expect(parseTradeRow(sample('socket.trade'))).toEqual({
        brokerOrderId: '1110027235',
        tag: '9NcLerkS',
        tradeId: '2177829',
        clientID: 'CLIENT1',
        segment: 'NSECM',
        token: 335,
        side: 'SELL',
        product: 'MIS',
        quantity: 3,
        price: 2853.5,
        tradedAtMs: at('2024-12-27T11:22:47+05:30'),
      })
      expect(parsePositionRow(sample('socket.position'))).toMatchObject({
        token: 18096,
        quantity: 0,
        buyQuantity: 26,
      })
      expect(parsePositionRow(sample('GET portfolio/positions'))).toMatchObject({
        token: 41376,
        quantity: -75,
        sellAveragePrice: 82.7,
      })
    })

    it('hold market messages that are read', () => {
      expect(decodeJsonFull(sample('1501 full - flat'), CLOCK)).toMatchObject({
        token: 467,
        lastPrice: 610.3,
        previousClose: 623,
        bids: [{ price: 610.15, quantity: 119, orders: 3 }],
        exchangeAtMs: at('2025-01-06T12:15:49+05:30'),
      })
      expect(decodeJsonFull(sample('1501 full - nested'), CLOCK)).toMatchObject({
        token: 26000,
        lastPrice: 23202.15,
        bids: [],
      })
      expect(decodeJsonFull(sample('1501 (2026'), CLOCK)).toMatchObject({
        segment: 'NSEFO',
        lastPrice: 125.35,
      })
      expect(decodeJsonFull(sample('1505 full'), CLOCK)).toMatchObject({
        token: 467,
        candle: { open: 606.55, close: 607.45, endsAtMs: at('2025-01-06T12:02:59+05:30') },
      })
      expect(decodeMarketStatus(sample('1507'), CLOCK)).toMatchObject({ segment: 'NSECM' })
      expect(decodeJsonFull(sample('1510 (newer'), CLOCK)).toMatchObject({ openInterest: 169260 })
      expect(decodeJsonFull(sample('1512 full'), CLOCK)).toMatchObject({ token: 2885, lastPrice: 2571.75 })
      expect(decodePartial(1512, sample('1512 partial'), CLOCK)).toMatchObject({
        token: 2885,
        lastPrice: 2570.8,
      })
    })

    it('hold answers of quotes and subscriptions that are read', async () => {
      const subscription = new FakeHttp([answered(200, sample('subscription reply 1502'))])
      const market = (http: FakeHttp): XtsMarket =>
        new XtsMarket({
          http: http.asCaller(),
          profile: brokerProfile('simulator'),
          token: () => ({ token: 't', userId: 'u', clientCodes: [], isInvestorClient: false, epoch: 1 }),
        })
      const subscribed = await market(subscription).subscribe([{ segment: 'NSEFO', token: 43422 }])
      expect(subscribed).toMatchObject({ kind: 'ok', value: [{ token: 43422, lastPrice: 54.35, open: 222 }] })
      const updates = subscribed.kind === 'ok' ? subscribed.value : []
      expect(updates[0]?.bids?.map((level) => level.quantity)).toEqual([75, 600, 450, 1200, 825])
      const quotes = new FakeHttp([answered(200, sample('quotes reply 1510'))])
      expect(await market(quotes).quotes([{ segment: 'NSEFO', token: 43422 }])).toEqual({
        kind: 'ok',
        value: [{ segment: 'NSEFO', token: 43422, openInterest: 3324000 }],
      })
    })

    it('hold errors and a host lookup that are read', () => {
      const envelope = (name: string): ReturnType<typeof readEnvelope> =>
        readEnvelope(400, JSON.stringify(sample(name)))
      expect(envelope('error: already subscribed')).toMatchObject({ isSessionInvalid: false })
      expect(envelope('error: invalid MD token')).toMatchObject({ isSessionInvalid: true })
      expect(envelope('error: missing/expired')).toMatchObject({ isSessionInvalid: true })
      expect(envelope('error: wrong application')).toMatchObject({ isSessionInvalid: false })
      expect(readEnvelope(200, JSON.stringify(sample('hostlookup reply')))).toMatchObject({ kind: 'success' })
    })

    it('are all read, but for one that no parser here is for', () => {
      const unread = samples.map(({ name }) => name).filter((name) => !read.has(name))
      expect(unread).toEqual(['search/instrumentsbyid result object'])
    })
  })
})

describe('a recorded morning of partial ticks', () => {
  withFile('xts_ticks_1501_1105_partial_2022-07-09.jsonl', (text) => {
    const events = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly event: string; readonly data: string })
    const decoded = events.map(({ event, data }) => decodePartial(Number(event.slice(0, 4)), data, CLOCK))

    it('is read to the last message', () => {
      expect(events).toHaveLength(2_155)
      expect(decoded.filter((update) => update !== undefined)).toHaveLength(1_272)
    })

    it('has no price from a message about price bands', () => {
      const bands = events.flatMap(({ event }, index) => (event.startsWith('1105') ? [decoded[index]] : []))
      expect(bands).toHaveLength(883)
      expect(bands.every((update) => update === undefined)).toBe(true)
      const read = events
        .filter(({ event }) => event.startsWith('1105'))
        .map(({ data }) => decodePriceBand(data))
      expect(read.every((band) => band === undefined)).toBe(true)
    })

    it('shows the indices where they stood that day', () => {
      const last = (token: number): MarketUpdate | undefined =>
        decoded.findLast((update) => update?.segment === 'NSECM' && update.token === token)
      expect(last(26000)?.lastPrice).toBeGreaterThan(16_000)
      expect(last(26001)?.lastPrice).toBeGreaterThan(35_000)
      expect(last(26002)?.lastPrice).toBeCloseTo(18.97, 0)
    })

    it('has every tick between its low and high, on the day before the recording', () => {
      for (const update of decoded) {
        if (update === undefined) continue
        const { lastPrice = 0, low = 0, high = Infinity, exchangeAtMs } = update
        expect(lastPrice).toBeGreaterThanOrEqual(low)
        expect(lastPrice).toBeLessThanOrEqual(high)
        expect(exchangeAtMs).toBeGreaterThan(at('2022-07-08T09:00:00+05:30'))
        expect(exchangeAtMs).toBeLessThan(at('2022-07-09T00:00:00+05:30'))
      }
    })
  })
})
