import type { HttpOutcome, HttpRequest } from '@xts-bridge/http'
import { XtsMarket, type InstrumentRef, type XtsMarketOptions } from './market'
import { brokerProfile } from './profiles'
import { answered, failure, FakeHttp, success } from './testing/fake-http'

const TOKEN = { token: 'jwt-md', userId: 'U', clientCodes: [], isInvestorClient: false, epoch: 3 }
const RELIANCE: InstrumentRef = { segment: 'NSECM', token: 2885 }
const NIFTY: InstrumentRef = { segment: 'NSECM', token: 26000 }
const OPTION: InstrumentRef = { segment: 'NSEFO', token: 48225 }

const quote = (segment: number, token: number, lastPrice: number): string =>
  JSON.stringify({
    MessageCode: 1501,
    ExchangeSegment: segment,
    ExchangeInstrumentID: token,
    LastTradedPrice: lastPrice,
  })

function market(http: FakeHttp, more: Partial<XtsMarketOptions> = {}): XtsMarket {
  return new XtsMarket({
    http: http.asCaller(),
    profile: brokerProfile('simulator'),
    token: () => TOKEN,
    ...more,
  })
}

const instrumentsOf = (request: HttpRequest): { exchangeSegment: number; exchangeInstrumentID: number }[] =>
  (request.body as { instruments: { exchangeSegment: number; exchangeInstrumentID: number }[] }).instruments
const many = (count: number): InstrumentRef[] =>
  Array.from({ length: count }, (_, index) => ({ segment: 'NSEFO', token: index + 1 }))

describe('the instrument list', () => {
  it('is the text that the broker sends, asked for by name and with patience', async () => {
    const http = new FakeHttp([success('NSECM|1\nNSECM|2')])
    expect(await market(http).master(['NSECM', 'BSECM'])).toEqual({ kind: 'ok', value: 'NSECM|1\nNSECM|2' })
    expect(http.sent[0]).toMatchObject({
      method: 'POST',
      path: '/apibinarymarketdata/instruments/master',
      body: { exchangeSegmentList: ['NSECM', 'BSECM'] },
      timeoutMs: 120_000,
    })
  })

  it('is had without a session', async () => {
    const http = new FakeHttp([success('')])
    const withoutSession = market(http, { token: () => undefined })
    expect(await withoutSession.master(['NSECD'])).toEqual({ kind: 'ok', value: '' })
    expect(http.sent[0]?.headers).toEqual({})
  })

  it.each([success({ rows: [] }), success(null), answered(502, '<html></html>')])(
    'is unknown when it is no text',
    async (answer) => {
      expect((await market(new FakeHttp([answer])).master(['NSECM'])).kind).toBe('unknown')
    },
  )
})

describe('the index list', () => {
  it('is split at the last underscore', async () => {
    const http = new FakeHttp([
      success({ exchangeSegment: '1', indexList: ['NIFTY 50_26000', 'ODD_NAME_26099'] }),
    ])
    expect(await market(http).indexList('NSECM')).toEqual({
      kind: 'ok',
      value: [
        { name: 'NIFTY 50', token: 26000 },
        { name: 'ODD_NAME', token: 26099 },
      ],
    })
    expect(http.sent[0]).toMatchObject({ method: 'GET', query: { exchangeSegment: '1' } })
  })

  it('keeps its other entries when one is odd, which has no token and so is refused and counted', async () => {
    const indexList = ['NIFTY 50_26000', 'NIFTY BANK', null, 'INDIA VIX_26002']
    const outcome = await market(new FakeHttp([success({ indexList })])).indexList('NSECM')
    expect(outcome).toEqual({
      kind: 'ok',
      value: [
        { name: 'NIFTY 50', token: 26000 },
        { name: 'NIFTY BANK', token: Number.NaN },
        { name: 'null', token: Number.NaN },
        { name: 'INDIA VIX', token: 26002 },
      ],
    })
  })

  it.each([
    [['NIFTY 50']],
    [['_26000']],
    [['NIFTY 50_']],
    [['NIFTY_x1']],
    [[26000]],
    [[null]],
    ['NIFTY 50_26000'],
    [undefined],
  ])('is unknown with nothing but %j in it', async (indexList) => {
    expect((await market(new FakeHttp([success({ indexList })])).indexList('NSECM')).kind).toBe('unknown')
  })
})

describe('quotes', () => {
  it('are matched by segment and token, whatever their order, form and number', async () => {
    const listQuotes = [
      null,
      quote(2, 48225, 101.5),
      JSON.parse(quote(1, 2885, 1410)) as unknown,
      '',
      quote(1, 99, 5),
      quote(21, 2885, 5),
    ]
    const http = new FakeHttp([success({ mdp: 1502, listQuotes })])
    expect(await market(http).quotes([RELIANCE, OPTION, NIFTY])).toEqual({
      kind: 'ok',
      value: [
        { segment: 'NSEFO', token: 48225, lastPrice: 101.5 },
        { segment: 'NSECM', token: 2885, lastPrice: 1410 },
      ],
    })
    expect(http.sent[0]?.body).toEqual({
      instruments: [
        { exchangeSegment: 1, exchangeInstrumentID: 2885 },
        { exchangeSegment: 2, exchangeInstrumentID: 48225 },
        { exchangeSegment: 1, exchangeInstrumentID: 26000 },
      ],
      xtsMessageCode: 1502,
      publishFormat: 'JSON',
    })
  })

  it('are read from quoteList where a build calls it so, and may be none', async () => {
    expect(
      await market(new FakeHttp([success({ quoteList: [quote(1, 2885, 9)] })])).quotes([RELIANCE]),
    ).toMatchObject({
      value: [{ lastPrice: 9 }],
    })
    expect(await market(new FakeHttp([success({ listQuotes: [] })])).quotes([RELIANCE])).toMatchObject({
      value: [],
    })
  })

  it('are asked for in batches of 50, each instrument once', async () => {
    const http = new FakeHttp([success({ listQuotes: [] })])
    await market(http).quotes([...many(120), ...many(3)])
    expect(http.sent.map((request) => instrumentsOf(request).length)).toEqual([50, 50, 20])
  })

  it('are not asked for without a session or without instruments', async () => {
    const http = new FakeHttp([success({ listQuotes: [] })])
    expect(await market(http).quotes([])).toEqual({ kind: 'ok', value: [] })
    expect(await market(http, { token: () => undefined }).quotes([RELIANCE])).toMatchObject({
      kind: 'not-sent',
      isSessionMissing: true,
    })
    expect(http.sent).toHaveLength(0)
  })

  it.each([success({ listQuotes: 'x' }), success({ listQuotes: ['{"Mess'] }), success({ listQuotes: [7] })])(
    'are unknown when they cannot be read',
    async (answer) => {
      expect((await market(new FakeHttp([answer])).quotes([RELIANCE])).kind).toBe('unknown')
    },
  )

  it('are rejected with the dead token’s epoch', async () => {
    const http = new FakeHttp([failure(400, 'e-session-0007', 'Invalid Token')])
    expect(await market(http).quotes([RELIANCE])).toMatchObject({ isSessionInvalid: true, epoch: 3 })
  })
})

describe('subscribing', () => {
  const snapshot = success({ listQuotes: [quote(1, 2885, 1410)], Remaining_Subscription_Count: 9998 })

  it('gives the snapshot, and keeps how many more the broker takes', async () => {
    const xts = market(new FakeHttp([snapshot]))
    expect(await xts.subscribe([RELIANCE])).toMatchObject({ kind: 'ok', value: [{ lastPrice: 1410 }] })
    expect(xts.remainingSubscriptions).toBe(9998)
  })

  it('is content with an answer that holds no snapshot', async () => {
    const xts = market(new FakeHttp([success({ Remaining_Subscription_Count: 48 })]))
    expect(await xts.subscribe([RELIANCE])).toEqual({ kind: 'ok', value: [] })
  })

  it('ends and renews a batch that the broker holds already, for the sake of the snapshot', async () => {
    const http = new FakeHttp([
      failure(400, 'e-session-0002', 'Instrument Already Subscribed !'),
      answered(200, [{ type: 'success', result: { Remaining_Subscription_Count: 10000 } }]),
      snapshot,
    ])
    expect(await market(http).subscribe([RELIANCE])).toMatchObject({
      kind: 'ok',
      value: [{ lastPrice: 1410 }],
    })
    expect(http.sent.map(({ method }) => method)).toEqual(['POST', 'PUT', 'POST'])
  })

  it('gives up when the broker still says that it holds the batch', async () => {
    const held = failure(400, 'e-session-0002', 'Instrument Already Subscribed !')
    const http = new FakeHttp([held, success({}), held])
    expect(await market(http).subscribe([RELIANCE])).toMatchObject({
      kind: 'rejected',
      brokerCode: 'e-session-0002',
    })
    expect(http.sent).toHaveLength(3)
  })

  it('finds the one instrument that the broker does not know, and subscribes the others', async () => {
    const subscribed: number[] = []
    const answer = (request: HttpRequest): HttpOutcome => {
      const tokens = instrumentsOf(request).map((instrument) => instrument.exchangeInstrumentID)
      if (tokens.includes(13)) return failure(400, 'e-instrument-0001', 'not found')
      subscribed.push(...tokens)
      return success({ listQuotes: [] })
    }
    const refused: InstrumentRef[] = []
    const xts = market(new FakeHttp([answer]), { onRefused: (ref) => refused.push(ref) })
    expect(await xts.subscribe(many(50))).toMatchObject({ kind: 'ok' })
    expect(refused).toEqual([{ segment: 'NSEFO', token: 13 }])
    expect(subscribed).toHaveLength(49)
  })

  it.each([
    failure(400, 'e-session-0004', 'Subscription limit exceeded'),
    failure(400, 'e-session-0007', 'Invalid Token'),
    failure(429, 'e-apirl-0004'),
  ])('is rejected when the broker refuses', async (answer) => {
    expect((await market(new FakeHttp([answer])).subscribe([RELIANCE])).kind).toBe('rejected')
  })

  it('stops at the batch that failed', async () => {
    const http = new FakeHttp([success({}), { kind: 'lost', reason: 'reset' }, success({})])
    expect((await market(http).subscribe(many(150))).kind).toBe('unknown')
    expect(http.sent).toHaveLength(2)
  })
})

describe('unsubscribing', () => {
  it('puts the same body, and is content when there was nothing to end', async () => {
    const http = new FakeHttp([success({ Remaining_Subscription_Count: 10 }), failure(400, 'e-session-0009')])
    const xts = market(http)
    expect(await xts.unsubscribe([RELIANCE])).toEqual({ kind: 'ok', value: undefined })
    expect(http.sent[0]).toMatchObject({ method: 'PUT', body: { xtsMessageCode: 1502 } })
  })

  it('takes a refusal for nothing to end, but not a dead token, the rate limit or silence', async () => {
    const after = async (answer: HttpOutcome): Promise<string> =>
      (await market(new FakeHttp([answer])).unsubscribe([RELIANCE])).kind
    expect(await after(failure(400, 'e-response-0002', 'not subscribed'))).toBe('ok')
    expect(await after(failure(400, 'e-session-0007', 'Invalid Token'))).toBe('rejected')
    expect(await after(failure(429, 'e-apirl-0004'))).toBe('rejected')
    expect(await after({ kind: 'lost', reason: 'reset' })).toBe('unknown')
  })
})
