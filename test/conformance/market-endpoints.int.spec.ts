import { FaultDesk } from './faults/fault-desk'
import { NIFTY, ok, RELIANCE } from './simulated-broker'

const DAY_MS = 86_400_000
const NIFTY_OPTIONS = { segment: 'NSEFO', series: 'OPTIDX', symbol: 'NIFTY' } as const
const NIFTY_FUTURES = { ...NIFTY_OPTIONS, series: 'FUTIDX' } as const

let desk: FaultDesk
beforeAll(async () => (desk = await FaultDesk.open({ sockets: [] })))
afterAll(() => desk.close())

describe('the market lookup endpoints', () => {
  it('read the dictionaries', async () => {
    expect(Object.keys(ok(await desk.lookup.clientConfig())).length).toBeGreaterThan(3)
  })

  it('read the history, oldest first, each candle between its extremes', async () => {
    const toMs = Date.now()
    const asked = { ref: RELIANCE, fromMs: toMs - 10 * DAY_MS, toMs, compression: '3600' } as const
    const candles = ok(await desk.lookup.history(asked))
    expect(candles.length).toBeGreaterThan(10)
    const ends = candles.map(({ endsAtMs }) => endsAtMs)
    expect(ends).toEqual([...ends].sort((one, other) => one - other))
    expect((ends[0] ?? 0) > asked.fromMs && (ends.at(-1) ?? 0) <= toMs + 3_600_000).toBe(true)
    for (const { open, high, low, close } of candles) {
      expect(high).toBeGreaterThanOrEqual(Math.max(open, close))
      expect(low).toBeLessThanOrEqual(Math.min(open, close))
    }
    expect(ok(await desk.lookup.history({ ...asked, compression: 'D' })).length).toBeLessThan(9)
  })

  it('find an instrument by text and by token', async () => {
    const found = ok(await desk.lookup.search('RELIANCE'))
    const share = { segmentNumber: 1, token: 2885, name: 'RELIANCE', series: 'EQ', lotSize: 1 }
    expect(found).toContainEqual(expect.objectContaining(share))
    expect(ok(await desk.lookup.searchByToken([RELIANCE]))).toEqual([expect.objectContaining(share)])
    expect(ok(await desk.lookup.equity({ segment: 'NSECM', series: 'EQ', symbol: 'RELIANCE' }))).toEqual([
      expect.objectContaining({ token: 2885 }),
    ])
    expect(ok(await desk.lookup.series('NSEFO'))).toEqual(expect.arrayContaining(['FUTIDX', 'OPTIDX']))
  })

  it('walk from an underlying to one future and one option', async () => {
    const [expiry] = ok(await desk.lookup.expiries(NIFTY_FUTURES))
    const [future] = ok(await desk.lookup.future({ ...NIFTY_FUTURES, expiry }))
    expect(future).toMatchObject({ segmentNumber: 2, name: 'NIFTY', series: 'FUTIDX' })
    const [optionExpiry] = ok(await desk.lookup.expiries(NIFTY_OPTIONS))
    const ofExpiry = { ...NIFTY_OPTIONS, expiry: optionExpiry }
    expect([...ok(await desk.lookup.optionTypes(ofExpiry))].sort()).toEqual(['CE', 'PE'])
    const strikes = ok(await desk.lookup.strikes({ ...ofExpiry, optionType: 'CE' }))
    const strike = strikes[Math.floor(strikes.length / 2)]
    const [option] = ok(await desk.lookup.option({ ...ofExpiry, optionType: 'CE', strike }))
    expect(option?.displayName).toContain(String(strike))
    const [quoted] = ok(await desk.market.quotes([{ segment: 'NSEFO', token: option?.token ?? 0 }]))
    expect(quoted?.lastPrice).toBeGreaterThan(0)
  })

  it('subscribe and unsubscribe what they quote', async () => {
    expect(ok(await desk.market.subscribe([RELIANCE, NIFTY]))).toHaveLength(2)
    ok(await desk.market.unsubscribe([RELIANCE, NIFTY]))
  })

  it('end their own session, after which its token is dead', async () => {
    const other = await FaultDesk.open({ sockets: [] })
    try {
      ok(await other.lookup.logOut())
      expect(await other.market.quotes([RELIANCE])).toMatchObject({
        kind: 'rejected',
        isSessionInvalid: true,
      })
      ok(await other.xts.orders())
    } finally {
      await other.close()
    }
  })
})
