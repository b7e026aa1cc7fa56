import { ManualClock } from '@xts-bridge/contracts'
import type { CallOutcome, MarketUpdate } from '@xts-bridge/xts'
import { LastValues } from './last-values'
import { ReadQuote } from './read-quote'
import { RELIANCE, SBIN, share } from './testing/instruments'

type Quotes = CallOutcome<readonly MarketUpdate[]>
const quoted = (token: number, lastPrice: number): Quotes => ({
  kind: 'ok',
  value: [{ segment: 'NSECM', token, lastPrice }],
})

function desk(answer: (token: number) => Quotes | Promise<Quotes>) {
  const clock = new ManualClock()
  const values = new LastValues()
  const calls: number[] = []
  const invalid: (number | undefined)[] = []
  const readQuote = new ReadQuote({
    quotes: (refs) => {
      calls.push(...refs.map(({ token }) => token))
      return Promise.resolve(answer(refs[0]?.token ?? 0))
    },
    values,
    clock,
    account: 'primary',
    onSessionInvalid: (epoch) => invalid.push(epoch),
  })
  return { clock, values, calls, invalid, readQuote }
}

describe('ReadQuote', () => {
  it('answers from a streamed value that is younger than a second', async () => {
    const { clock, values, calls, readQuote } = desk(() => quoted(2885, 2))
    values.apply({ segment: 'NSECM', token: 2885, lastPrice: 1 }, clock.nowMs())
    await clock.advance(999)
    expect((await readQuote.read(RELIANCE, 5_000)).ltp).toBe(1)
    expect(calls).toEqual([])
  })

  it('asks the broker when the streamed value is a second old', async () => {
    const { clock, values, calls, readQuote } = desk(() => quoted(2885, 2))
    values.apply({ segment: 'NSECM', token: 2885, lastPrice: 1 }, clock.nowMs())
    await clock.advance(1_000)
    expect(await readQuote.read(RELIANCE, 5_000)).toMatchObject({ ltp: 2, asOfMs: clock.nowMs() })
    expect(calls).toEqual([2885])
  })

  it('does not ask again and again for an instrument whose stream is quiet', async () => {
    const { clock, values, calls, readQuote } = desk(() => quoted(2885, 2))
    values.apply({ segment: 'NSECM', token: 2885, lastPrice: 1 }, clock.nowMs())
    await clock.advance(5_000)
    await readQuote.read(RELIANCE, 5_000)
    expect((await readQuote.read(RELIANCE, 5_000)).ltp).toBe(2)
    expect(calls).toEqual([2885])
  })

  it('asks once for all who ask at the same time, and again after a second', async () => {
    const { clock, calls, readQuote } = desk((token) => quoted(token, 7))
    const all = await Promise.all([
      readQuote.read(RELIANCE, 5_000),
      readQuote.read(RELIANCE, 5_000),
      readQuote.read(SBIN, 5_000),
      readQuote.read(RELIANCE, 5_000),
    ])
    expect(all.map(({ symbol }) => symbol)).toEqual(['RELIANCE', 'RELIANCE', 'SBIN', 'RELIANCE'])
    await readQuote.read(RELIANCE, 5_000)
    expect(calls).toEqual([2885, 3045])
    await clock.advance(1_000)
    await readQuote.read(RELIANCE, 5_000)
    expect(calls).toEqual([2885, 3045, 2885])
  })

  it('does not hand a failure to those who ask later', async () => {
    const answers: Quotes[] = [{ kind: 'unknown', reason: 'timeout' }, quoted(2885, 3)]
    const { readQuote } = desk(() => answers.shift() ?? quoted(2885, 4))
    await expect(readQuote.read(RELIANCE, 5_000)).rejects.toMatchObject({ code: 'QUOTE_UNAVAILABLE' })
    expect((await readQuote.read(RELIANCE, 5_000)).ltp).toBe(3)
  })

  it.each<[string, Quotes, string]>([
    ['no row', { kind: 'ok', value: [] }, 'QUOTE_UNAVAILABLE'],
    ['the row of another instrument', quoted(9, 1), 'QUOTE_UNAVAILABLE'],
    [
      'a row without a price',
      { kind: 'ok', value: [{ segment: 'NSECM', token: 2885 }] },
      'QUOTE_UNAVAILABLE',
    ],
    ['a lost answer', { kind: 'unknown', reason: 'reset' }, 'QUOTE_UNAVAILABLE'],
    [
      'a call that was not sent',
      { kind: 'not-sent', reason: 'breaker open', isSessionMissing: false },
      'QUOTE_UNAVAILABLE',
    ],
    ['no session', { kind: 'not-sent', reason: 'no session', isSessionMissing: true }, 'SESSION_UNAVAILABLE'],
  ])('refuses on %s', async (_, answer, code) => {
    const { readQuote } = desk(() => answer)
    await expect(readQuote.read(RELIANCE, 5_000)).rejects.toMatchObject({ code, kind: 'unavailable' })
  })

  it('answers in time although the broker does not, and lets later askers have what comes', async () => {
    let answer: (quotes: Quotes) => void = () => undefined
    const { clock, calls, readQuote } = desk(() => new Promise((resolve) => (answer = resolve)))
    const hasty = readQuote.read(RELIANCE, 1_000).catch((error: unknown) => error)
    const patient = readQuote.read(RELIANCE, 5_000)
    await clock.advance(900)
    expect(await hasty).toMatchObject({ code: 'QUOTE_UNAVAILABLE', kind: 'unavailable' })
    answer(quoted(2885, 8))
    expect((await patient).ltp).toBe(8)
    expect(calls).toEqual([2885])
  })

  it('reports the token when the broker refuses it', async () => {
    const { invalid, readQuote } = desk(() => ({
      kind: 'rejected',
      brokerCode: 'e-session-0007',
      brokerDescription: 'Invalid Token',
      isSessionInvalid: true,
      epoch: 4,
    }))
    await expect(readQuote.read(RELIANCE, 5_000)).rejects.toThrow('Invalid Token (e-session-0007)')
    expect(invalid).toEqual([4])
  })

  it('remembers a bounded number of quotes', async () => {
    const { calls, readQuote } = desk((token) => quoted(token, 1))
    for (let token = 1; token <= 600; token += 1) await readQuote.read(share(`S${token}`, token), 5_000)
    await readQuote.read(share('S600', 600), 5_000)
    expect(calls).toHaveLength(600)
    await readQuote.read(share('S1', 1), 5_000)
    expect(calls).toHaveLength(601)
  })
})
