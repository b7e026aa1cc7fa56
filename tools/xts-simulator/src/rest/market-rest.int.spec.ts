import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import io from 'socket.io-client'
import { startSimulator, type RunningSimulator, type SimulatorOptions } from '../index'
import { XtsClient, type HttpAnswer } from '../testing/xts-client'

const KEYS = { appKey: 'simulator-market-key', secretKey: 'simulator-market-secret' }
const RELIANCE = { exchangeSegment: 1, exchangeInstrumentID: 2885 }
const MD = '/apibinarymarketdata'
/** A Friday, half an hour after the open. */
const START = '2026-11-20T09:45:30+05:30'

let simulator: RunningSimulator | undefined
let client: XtsClient

async function start(options: SimulatorOptions = {}): Promise<void> {
  await simulator?.close()
  simulator = await startSimulator({
    port: 0, controlPort: 0, universe: 'small', clock: 'virtual', start: START, ...options,
  }) // prettier-ignore
  client = new XtsClient(`http://127.0.0.1:${simulator.port}`, io)
  await client.login(`${MD}/auth/login`, KEYS)
}

afterAll(() => simulator?.close())

const get = (path: string, query: Record<string, string | number> = {}): Promise<HttpAnswer> => {
  const text = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) text.set(name, String(value))
  return client.call('GET', `${MD}${path}?${text.toString()}`)
}
const post = (path: string, body: unknown): Promise<HttpAnswer> => client.call('POST', MD + path, body)
const ohlc = (query: Record<string, string | number> = {}): Promise<HttpAnswer> =>
  get('/instruments/ohlc', {
    exchangeSegment: 1, exchangeInstrumentID: 2885, startTime: 'Nov 19 2026 091500', endTime: 'Nov 20 2026 235959',
    compressionValue: 60, ...query,
  }) // prettier-ignore
const rowsOf = (answer: HttpAnswer): number[][] => {
  const { dataReponse } = answer.body?.result as { dataReponse: string }
  return dataReponse === ''
    ? []
    : dataReponse.split(',').map((row) => row.split('|').slice(0, -1).map(Number))
}
const second = (iso: string): number => Date.parse(`${iso}Z`) / 1000

describe('history over REST', () => {
  beforeAll(() => start())

  it('answers whole: two texts that echo, and the misspelt key', async () => {
    const answer = await ohlc({ startTime: 'Nov 19 2026 153000', endTime: 'Nov 20 2026 080000' })
    expect([answer.status, answer.text]).toEqual([
      200,
      '{"type":"success","code":"s-instrument-0002","description":"Data found","result":{"exchangeSegment":"1","exchangeInstrumentID":"2885","dataReponse":""}}',
    ])
  })

  it('has 375 minutes yesterday and those of today, each stamped with its last second in India', async () => {
    const rows = rowsOf(await ohlc())
    expect(rows[0]?.[0]).toBe(second('2026-11-19T09:15:59'))
    expect(rows[374]?.[0]).toBe(second('2026-11-19T15:29:59'))
    expect(rows[375]?.[0]).toBe(second('2026-11-20T09:15:59'))
    expect(rows.at(-1)?.[0]).toBe(second('2026-11-20T09:45:59'))
    expect(rows.every((row) => row.length === 7)).toBe(true)
  })

  it('ends yesterday at the previous close and today at the last price of the tape', async () => {
    const quoted = await post('/instruments/quotes', { instruments: [RELIANCE], xtsMessageCode: 1501, publishFormat: 'JSON' })
    const [text] = (quoted.body?.result as { listQuotes: string[] }).listQuotes
    const quote = JSON.parse(text ?? '') as Record<string, number>
    const rows = rowsOf(await ohlc())
    expect(rows[374]?.[4]).toBe(quote['Close'])
    expect([rows[375]?.[1], rows.at(-1)?.[4]]).toEqual([quote['Open'], quote['LastTradedPrice']])
    const today = rows.slice(375)
    expect(Math.max(...today.map((row) => row[2] ?? 0))).toBeLessThanOrEqual(quote['High'] ?? 0)
    expect(today.reduce((sum, row) => sum + (row[5] ?? 0), 0)).toBe(quote['TotalTradedQuantity'])
  }) // prettier-ignore

  it('takes a segment by name, and gives the same bars by number', async () => {
    expect((await ohlc({ exchangeSegment: 'NSECM' })).text).toBe((await ohlc()).text)
  })

  it('is the same after a restart with the same seed, and another with another', async () => {
    const yesterday = { endTime: 'Nov 19 2026 235959' }
    const before = (await ohlc(yesterday)).text
    await start()
    expect((await ohlc(yesterday)).text).toBe(before)
    await start({ seed: 2 })
    expect((await ohlc(yesterday)).text).not.toBe(before)
    await start()
  })

  it.each([
    [60, 375], [120, 188], [180, 125], [240, 95], [300, 75], [420, 54], [600, 38], [900, 25], [1800, 13], [3600, 7], [7200, 4],
    [10_800, 3], [14_400, 2], [1, 1500], ['D', 1], ['W', 1], ['M', 1], [86_400, 1],
  ])('puts a day together in bars of %s', async (compressionValue, expected) => {
    const rows = rowsOf(await ohlc({ endTime: 'Nov 19 2026 235959', compressionValue }))
    const minutes = rowsOf(await ohlc({ endTime: 'Nov 19 2026 235959' }))
    expect(rows).toHaveLength(expected)
    expect([rows[0]?.[1], rows.at(-1)?.[4]]).toEqual([minutes[0]?.[1], minutes.at(-1)?.[4]])
    const sum = (bars: number[][]): number => bars.reduce((total, row) => total + (row[5] ?? 0), 0)
    expect(sum(rows)).toBe(sum(minutes))
  }) // prettier-ignore

  it('has no volume for an index, and open interest for a future', async () => {
    const index = rowsOf(await ohlc({ exchangeInstrumentID: 26_000 }))
    expect([index.length > 375, index.every((row) => row[5] === 0 && row[6] === 0)]).toEqual([true, true])
    const found = await get('/instruments/instrument/futureSymbol', {
      exchangeSegment: 51, series: 'FUTCOM', symbol: 'GOLD', expiryDate: '04Dec2026',
    }) // prettier-ignore
    const [gold] = found.body?.result as { ExchangeInstrumentID: number }[]
    const rows = rowsOf(
      await ohlc({ exchangeSegment: 51, exchangeInstrumentID: gold?.ExchangeInstrumentID ?? 0 }),
    )
    expect(rows.every((row) => (row[6] ?? 0) > 0)).toBe(true)
    expect(rows.some((row) => row[0] === second('2026-11-19T23:29:59'))).toBe(true)
  })

  it('answers an unknown instrument and a time before all history with an empty success', async () => {
    for (const query of [
      { exchangeInstrumentID: 99 },
      { startTime: 'Jan 01 1990 000000', endTime: 'Jan 02 1990 000000' },
      { startTime: 'Nov 20 2026 000000', endTime: 'Nov 19 2026 000000' },
      { startTime: 'Nov 25 2026 000000', endTime: 'Nov 26 2026 000000' },
    ]) {
      const answer = await ohlc(query)
      expect([answer.status, rowsOf(answer)]).toEqual([200, []])
    }
  })

  it.each([
    ['startTime', 'Feb 30 2026 090000'],
    ['startTime', '2026-11-19'],
    ['endTime', 'Nov 19 2026 250000'],
    ['endTime', ''],
    ['compressionValue', '61'],
    ['compressionValue', 'Y'],
    ['exchangeSegment', 'NYSE'],
    ['exchangeInstrumentID', 'RELIANCE'],
  ])('refuses %s %s in the shape of a field error', async (field, value) => {
    const answer = await ohlc({ [field]: value })
    expect(answer).toMatchObject({
      status: 400,
      body: { type: 'error', code: 'e-property-validation-failed', result: { errors: [{ field: [field], location: 'query' }] } },
    })
  }) // prettier-ignore
})

describe('questions about instruments', () => {
  beforeAll(() => start())

  const result = async (path: string, query: Record<string, string | number>): Promise<unknown> => {
    const answer = await get(`/instruments/instrument/${path}`, query)
    expect(answer.body).toMatchObject({ type: 'success', code: 's-rds-0', description: 'ok' })
    return answer.body?.result
  }
  const nifty = { exchangeSegment: 2, series: 'OPTIDX', symbol: 'NIFTY' }
  const monthly = { ...nifty, expiryDate: '24Nov2026' }

  it('lists series, expiries, rights and strikes', async () => {
    expect(await result('series', { exchangeSegment: 2 })).toEqual(
      expect.arrayContaining(['FUTIDX', 'OPTSTK']),
    )
    const expiries = (await result('expiryDate', nifty)) as string[]
    expect(expiries.slice(0, 2)).toEqual(['2026-11-24T14:30:00', '2026-12-01T14:30:00'])
    expect([...expiries].sort()).toEqual(expiries)
    expect(await result('optionType', monthly)).toEqual(['CE', 'PE'])
    const strikes = (await result('strikePrice', { ...monthly, optionType: 'CE' })) as string[]
    expect(strikes).toContain('25700')
    expect([...strikes].sort((one, other) => Number(one) - Number(other))).toEqual(strikes)
  })

  it('finds one future and one option, under both spellings of the path', async () => {
    const futures = await result('futureSymbol', { ...monthly, series: 'FUTIDX' })
    expect(futures).toMatchObject([{ Description: 'NIFTY26NOVFUT', InstrumentType: 1, CfiCode: 'FFXXXX' }])
    const asked = { ...monthly, optionType: 'PE', strikePrice: 25_700 }
    const options = await result('optionSymbol', asked)
    expect(options).toMatchObject([
      { DisplayName: 'NIFTY 24NOV2026 PE 25700', OptionType: 4, StrikePrice: 25_700 },
    ])
    expect(await result('optionsymbol', asked)).toEqual(options)
  })

  it('finds a share by symbol', async () => {
    expect(await result('symbol', { exchangeSegment: 'NSECM', series: 'EQ', symbol: 'RELIANCE' })).toMatchObject([
      { ISIN: 'INE002A01018', ExchangeInstrumentID: 2885, InstrumentID: 1_100_100_002_885, CfiCode: 'ESXXXX', PriceBand: { HighString: '1603.70' } },
    ])
  }) // prettier-ignore

  it.each([
    ['futureSymbol', { ...monthly, series: 'FUTIDX', expiryDate: '25Nov2026' }],
    ['optionSymbol', { ...monthly, optionType: 'CE', strikePrice: 1 }],
    ['symbol', { exchangeSegment: 1, series: 'EQ', symbol: 'NOBODY' }],
  ])('answers e-instrument-0001 when %s finds nothing', async (path, query) => {
    expect(await get(`/instruments/instrument/${path}`, query)).toMatchObject({
      status: 400,
      body: { code: 'e-instrument-0001' },
    })
  })

  it.each([
    ['series', {}],
    ['expiryDate', { exchangeSegment: 2, series: 'OPTIDX' }],
    ['futureSymbol', { ...nifty, expiryDate: '2026-11-24' }],
    ['optionSymbol', { ...monthly, optionType: 'XX', strikePrice: 1 }],
    ['optionSymbol', { ...monthly, optionType: 'CE', strikePrice: 'high' }],
  ])('refuses %s with a field that is missing or wrong', async (path, query) => {
    const answer = await get(`/instruments/instrument/${path}`, query)
    expect(answer).toMatchObject({ status: 400, body: { code: 'e-property-validation-failed' } })
  })

  it('searches by text and by id', async () => {
    const names = ({ body }: HttpAnswer): unknown[] => (body?.result as { DisplayName: string }[]).map((one) => one.DisplayName)
    const byText = await get('/search/instruments', { searchString: 'nifty 25700 pe' })
    expect(byText.body).toMatchObject({ code: 's-search-0002', description: 'Instruments Found' })
    expect(names(byText)).toContain('NIFTY 24NOV2026 PE 25700')
    const byId = await post('/search/instrumentsbyid', { source: 'WebAPI', instruments: [RELIANCE, { exchangeSegment: '11', exchangeInstrumentID: '500325' }, { exchangeSegment: 1, exchangeInstrumentID: 99 }] })
    expect(names(byId)).toEqual(['RELIANCE', 'RELIANCE'])
    expect(names(await post('/search/instrumentsbyisin', { isin: ['INE002A01018'] }))).toEqual(['RELIANCE', 'RELIANCE'])
    expect(await post('/search/instrumentsbyid', { instruments: [{ exchangeSegment: 1, exchangeInstrumentID: 99 }] })).toMatchObject({ body: { code: 'e-instrument-0001' } })
  }) // prettier-ignore

  const samplesFile = resolve('../shared/data/xts_real_payload_samples.json')
  const itWithSamples = existsSync(samplesFile) ? it : it.skip
  itWithSamples('answers an option with the names, order and types of a real one (skipped without ../shared/data)', async () => {
    const samples = JSON.parse(readFileSync(samplesFile, 'utf8')) as { name: string; data: Record<string, unknown> }[]
    const real = samples.find((sample) => sample.name.startsWith('search/instrumentsbyid'))?.data ?? {}
    const [ours = {}] = (await result('optionSymbol', { ...monthly, optionType: 'CE', strikePrice: 25_700 })) as Record<string, unknown>[]
    const kept = Object.keys(ours).filter((name) => name in real)
    expect(kept).toEqual(Object.keys(real))
    const types = (from: Record<string, unknown>): unknown[] => kept.map((name) => [name, typeof from[name]])
    expect(types(ours)).toEqual(types(real))
    // What the sample says it left out, and two longer names that a fuller capture has.
    expect(Object.keys(ours).filter((name) => !(name in real))).toEqual([
      'ExtendedMarketProperties', 'MarketTypeStatusEligibility', 'DisplayNameWithSeries', 'DisplayNameWithSeriesAndExchange',
      'AdditionalPreExpiryMarginPerc', 'AdditionalMarginPercLong', 'AdditionalMarginPercShort', 'DeliveryMarginPerc', 'SpecialMarginPercBuy',
      'SpecialMarginPercSell', 'TenderMargin', 'ELMLongMargin', 'ELMShortMargin', 'InitialMarginPerc', 'ExposureMarginPerc', 'CallAuctionIndicator',
    ])
  }) // prettier-ignore
})

describe('the choices a gateway may make', () => {
  const subscribe = (instruments: unknown[]) =>
    post('/instruments/subscription', { instruments, xtsMessageCode: 1501 })

  it('writes the master in older layouts, for enabled segments only', async () => {
    await start({ masterLayout: '2022', segments: ['NSECM', 'NSEFO'] })
    const master = await post('/instruments/master', { exchangeSegmentList: ['NSECM', 'NSEFO', 'MCXFO'] })
    expect(master.body).toMatchObject({
      type: 'success',
      code: 's-instrument-0010',
      description: 'instrument data',
    })
    const rows = (master.body?.result as string).split('\n').map((row) => row.split('|'))
    expect(new Set(rows.map((row) => `${row[0]} ${row[2]} ${row.length}`))).toEqual(
      new Set(['NSECM 8 14', 'NSEFO 1 17', 'NSEFO 4 17', 'NSEFO 2 19']),
    )
    expect((await post('/instruments/master', { exchangeSegmentList: ['MCXFO'] })).body?.result).toBe('')
    const foreign = await subscribe([{ exchangeSegment: 51, exchangeInstrumentID: 1001 }])
    expect(foreign).toMatchObject({ status: 400, body: { code: 'e-instrument-0001' } })
  })

  it.each([
    ['snapshots', ['mdp', 'quotesList', 'listQuotes', 'Remaining_Subscription_Count'], 1],
    ['empty-list', ['mdp', 'quotesList', 'listQuotes', 'Remaining_Subscription_Count'], 0],
    ['count-only', ['Remaining_Subscription_Count'], undefined],
  ] as const)('answers a subscription with %s', async (subscriptionReply, keys, quotes) => {
    await start({ subscriptionReply })
    const answer = await subscribe([RELIANCE])
    const result = answer.body?.result as { listQuotes?: string[] }
    expect([Object.keys(result), result.listQuotes?.length]).toEqual([keys, quotes])
  })

  it('wraps the answer to an unsubscription in a list, and has another login code, where asked', async () => {
    await start({ unsubscriptionReply: 'array', marketLoginCode: 's-response-0010' })
    const answer = await client.call('PUT', `${MD}/instruments/subscription`, { instruments: [RELIANCE], xtsMessageCode: 1501 })
    expect(answer.text).toBe(
      '[{"type":"success","code":"s-response-0001","description":"Instrument subscription deleted!","result":{"Remaining_Subscription_Count":10000}}]',
    )
    expect((await client.login(`${MD}/auth/login`, KEYS)).body?.code).toBe('s-response-0010')
  }) // prettier-ignore

  it('puts touchline fields where it is told to', async () => {
    const shapes = async (): Promise<boolean[]> => {
      const quote = await post('/instruments/quotes', { instruments: [RELIANCE], xtsMessageCode: 1501, publishFormat: 'JSON' })
      const answers = [quote, await subscribe([RELIANCE])]
      return answers.map(({ body }) => {
        const [text] = (body?.result as { listQuotes: string[] }).listQuotes
        return 'Touchline' in (JSON.parse(text ?? '') as object)
      })
    }
    await start()
    expect(await shapes()).toEqual([false, true])
    await start({ touchlineShape: 'flat' })
    expect(await shapes()).toEqual([false, false])
    await start({ touchlineShape: 'nested' })
    expect(await shapes()).toEqual([true, true])
  }) // prettier-ignore

  it('counts instruments of a call, and answers an empty range with an error, where asked', async () => {
    await start({ instrumentsPerCall: 2, emptyHistory: 'error' })
    const three = [2885, 3045, 1594].map((token) => ({ exchangeSegment: 1, exchangeInstrumentID: token }))
    for (const answer of [
      await subscribe(three),
      await post('/instruments/quotes', { instruments: three, xtsMessageCode: 1501, publishFormat: 'JSON' }),
      await post('/search/instrumentsbyid', { instruments: three }),
    ]) {
      expect(answer).toMatchObject({ status: 400, body: { code: 'e-quotes-0003' } })
    }
    expect(await ohlc({ exchangeInstrumentID: 99 })).toMatchObject({
      status: 400,
      body: { code: 'e-instrument-0001' },
    })
  })

  it('lists what the session holds, of one code or all', async () => {
    await start()
    await subscribe([RELIANCE])
    await post('/instruments/subscription', { instruments: [RELIANCE], xtsMessageCode: 1502 })
    const held = (code: number): object => ({
      xtsMessageCode: code,
      exchangeSegment: 1,
      exchangeInstrumentID: 2885,
    })
    expect((await get('/instruments/subscription')).body?.result).toEqual([held(1501), held(1502)])
    expect((await get('/instruments/subscription', { xtsMessageCode: 1502 })).body?.result).toEqual([
      held(1502),
    ])
    expect(await get('/instruments/subscription', { xtsMessageCode: 7 })).toMatchObject({ status: 400 })
  })

  it('quotes every message code, and leaves an index message of a share out', async () => {
    await start()
    const quotes = async (code: number, token: number): Promise<string[]> => {
      const instruments = [{ exchangeSegment: 1, exchangeInstrumentID: token }]
      const answer = await post('/instruments/quotes', {
        instruments,
        xtsMessageCode: code,
        publishFormat: 'JSON',
      })
      return (answer.body?.result as { listQuotes: string[] }).listQuotes
    }
    for (const code of [1501, 1502, 1504, 1507, 1510, 1512]) {
      const [text] = await quotes(code, 26_000)
      expect(JSON.parse(text ?? '')).toMatchObject({ MessageCode: code })
    }
    expect([await quotes(1504, 2885), await quotes(1505, 2885)]).toEqual([[], []])
    await subscribe([RELIANCE])
    const control = new XtsClient(`http://127.0.0.1:${simulator?.controlPort ?? 0}`, io)
    await control.call('POST', '/clock', { advanceMs: 61_000 })
    expect(JSON.parse((await quotes(1505, 2885))[0] ?? '')).toMatchObject({
      BarTime: second('2026-11-20T09:45:59'),
    })
  })
})

describe('bad input', () => {
  beforeAll(() => start())

  it.each([
    ['quotes', '/instruments/quotes', null],
    ['quotes', '/instruments/quotes', []],
    ['quotes', '/instruments/quotes', { instruments: 'x', xtsMessageCode: {}, publishFormat: [] }],
    ['quotes', '/instruments/quotes', { instruments: [null, 1, 'x', []], xtsMessageCode: 1501, publishFormat: 'JSON' }],
    ['quotes', '/instruments/quotes', { instruments: [{ exchangeSegment: -1, exchangeInstrumentID: 1.5 }], xtsMessageCode: 1501, publishFormat: 'JSON' }],
    ['subscription', '/instruments/subscription', { instruments: [{ exchangeSegment: {}, exchangeInstrumentID: [] }], xtsMessageCode: 1501 }],
    ['master', '/instruments/master', { exchangeSegmentList: [null, {}] }],
    ['search by id', '/search/instrumentsbyid', { instruments: [[]] }],
    ['search by ISIN', '/search/instrumentsbyisin', { isin: [1, null] }],
    ['search by ISIN', '/search/instrumentsbyisin', 'text'],
  ])('is answered with a field error: %s %#', async (_, path, body) => {
    const answer = await post(path, body)
    expect([answer.status, answer.body?.type ?? 'page']).toEqual([400, expect.stringMatching(/^(error|page)$/)])
  }) // prettier-ignore

  it('is answered with a field error in queries that have a name twice', async () => {
    for (const path of ['/instruments/ohlc', '/instruments/indexlist', '/instruments/instrument/series', '/instruments/subscription', '/search/instruments']) {
      const answer = await client.call('GET', `${MD}${path}?exchangeSegment=1&exchangeSegment=2&xtsMessageCode=1&xtsMessageCode=2&searchString=a&searchString=b`)
      expect([path, answer.status]).toEqual([path, 400])
    }
  }) // prettier-ignore
})
