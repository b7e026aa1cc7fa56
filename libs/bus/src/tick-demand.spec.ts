import { ManualClock } from '@xts-bridge/contracts'
import { MAX_PREFIXES, TickDemand } from './tick-demand'

function demand(maxTopics = 10): { clock: ManualClock; demand: TickDemand; calls: string[] } {
  const clock = new ManualClock()
  const calls: string[] = []
  const onDemand = (topic: string, isWanted: boolean): void => {
    calls.push(`${isWanted ? '+' : '-'}${topic}`)
  }
  return { clock, calls, demand: new TickDemand({ clock, maxTopics, lingerMs: 2_000, onDemand }) }
}

describe('TickDemand', () => {
  it('wants a full topic from its first reader until a while after its last', async () => {
    const { clock, calls, demand: ticks } = demand()
    ticks.readersCame('NSE_RELIANCE_LTP')
    expect(calls).toEqual(['+NSE_RELIANCE_LTP'])
    ticks.readersLeft('NSE_RELIANCE_LTP')
    await clock.advance(1_999)
    expect(calls).toEqual(['+NSE_RELIANCE_LTP'])
    await clock.advance(1)
    expect(calls).toEqual(['+NSE_RELIANCE_LTP', '-NSE_RELIANCE_LTP'])
    expect(ticks.wantedTopics).toBe(0)
  })

  it('says nothing when a reader comes back in time', async () => {
    const { clock, calls, demand: ticks } = demand()
    ticks.readersCame('NSE_INDEX_NIFTY_QUOTE')
    ticks.readersLeft('NSE_INDEX_NIFTY_QUOTE')
    expect(ticks.isRead('NSE_INDEX_NIFTY_QUOTE')).toBe(false)
    await clock.advance(1_500)
    ticks.readersCame('NSE_INDEX_NIFTY_QUOTE')
    await clock.advance(10_000)
    expect(calls).toEqual(['+NSE_INDEX_NIFTY_QUOTE'])
    expect(ticks.isRead('NSE_INDEX_NIFTY_QUOTE')).toBe(true)
  })

  it.each(['', 'NSE_', 'NSE_RELIANCE', 'NSE_RELIANCE_', 'LSE_VOD_LTP', 'NSE__LTP'])(
    'reads with the prefix %j what flows, and makes nothing flow',
    (prefix) => {
      const { calls, demand: ticks } = demand()
      expect(ticks.readersCame(prefix)).toBe(true)
      expect(calls).toEqual([])
      expect(ticks.isRead(`${prefix}X`)).toBe(true)
      ticks.readersLeft(prefix)
      expect(ticks.isRead(`${prefix}X`)).toBe(false)
    },
  )

  it('reads no topic that nobody asked for', () => {
    const { demand: ticks } = demand()
    ticks.readersCame('NSE_RELIANCE_LTP')
    ticks.readersCame('NFO_')
    expect(ticks.isRead('NSE_RELIANCE_QUOTE')).toBe(false)
    expect(ticks.isRead('NSE_RELIANCE_LTPX')).toBe(false)
    expect(ticks.isRead('NFO_NIFTY26NOVFUT_DEPTH')).toBe(true)
  })

  it('counts demand over the cap, still serves it when it flows, and wants it when a place is free', async () => {
    const { clock, calls, demand: ticks } = demand(1)
    ticks.readersCame('NSE_A_LTP')
    expect(ticks.readersCame('NSE_B_LTP')).toBe(false)
    expect(ticks.readersCame('NSE_C_LTP')).toBe(false)
    expect(ticks.refusedTopics).toBe(2)
    expect(ticks.isRead('NSE_B_LTP')).toBe(true)
    ticks.readersLeft('NSE_B_LTP')
    ticks.readersLeft('NSE_A_LTP')
    await clock.advance(2_000)
    expect(calls).toEqual(['+NSE_A_LTP', '-NSE_A_LTP', '+NSE_C_LTP'])
    expect(ticks.wantedTopics).toBe(1)
  })

  it('counts prefixes over their limit', () => {
    const { demand: ticks } = demand()
    for (let n = 0; n < MAX_PREFIXES; n += 1) expect(ticks.readersCame(`p${n}`)).toBe(true)
    expect(ticks.readersCame('one more')).toBe(false)
    expect(ticks.refusedTopics).toBe(1)
  })

  it('reports nothing any more after it was closed', async () => {
    const { clock, calls, demand: ticks } = demand()
    ticks.readersCame('NSE_A_LTP')
    ticks.readersLeft('NSE_A_LTP')
    ticks.close()
    await clock.advance(10_000)
    expect(calls).toEqual(['+NSE_A_LTP'])
  })
})
