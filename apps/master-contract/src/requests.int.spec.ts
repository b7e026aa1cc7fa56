import { AppError } from '@xts-bridge/contracts'
import { diffVersions } from './diff-versions'
import { findInstrument } from './find-instrument'
import { listExpiries } from './list-expiries'
import { listInstruments } from './list-instruments'
import { optionChain } from './option-chain'
import { searchInstruments } from './search-instruments'
import { House } from './testing/house'
import { cashRow, cashText, contractText } from './testing/rows'

const FIRST_AT = Date.parse('2026-11-20T06:30:00+05:30')
const DAY_MS = 86_400_000

/** Two days: S1 loses its lot, S3 goes, NEW comes, and the contracts of the first day expire. */
let house: House
beforeAll(async () => {
  house = await House.open()
  house.segments = ['NSECM', 'NSEFO']
  house.texts = {
    NSECM: `${cashText('NSECM', 20)}\n${cashRow('NSECM', 'A,"B"', 77)}`,
    NSEFO: `${contractText('2026-11-20', 5)}\n${contractText('2026-11-26', 60, 60_000)}`,
  }
  await house.keeper().refresh()
  await house.clock.advance(DAY_MS)
  house.texts = {
    NSECM: `${cashRow('NSECM', 'S1', 1, 5)}\n${cashText('NSECM', 1, 2)}\n${cashText('NSECM', 17, 4)}\n${cashRow('NSECM', 'NEW', 99)}\n${cashRow('NSECM', 'A,"B"', 77)}`,
    NSEFO: contractText('2026-11-26', 60, 60_000),
  }
  await house.keeper().refresh()
})
afterAll(() => house.close())

const at = (when: number): { exchange: string; symbol: string; at: number } => ({
  exchange: 'NSE',
  symbol: 'S1',
  at: when,
})

describe('instruments.find', () => {
  const find = (data: unknown) => findInstrument(data, house)

  it('gives an instrument as it is, with the version that says so', async () => {
    expect(await find({ exchange: 'NSE', symbol: 'S1' })).toMatchObject({
      token: 1,
      lotSize: 5,
      version: 'v20261121-1',
    })
  })

  it('gives it as an earlier version had it', async () => {
    expect(await find({ exchange: 'NSE', symbol: 'S1', version: 'v20261120-1' })).toMatchObject({
      lotSize: 1,
      version: 'v20261120-1',
    })
    expect(await find({ exchange: 'NSE', symbol: 'S3', version: 'v20261120-1' })).toMatchObject({ token: 3 })
  })

  it.each([
    [FIRST_AT, 1],
    [FIRST_AT + DAY_MS - 1, 1],
    [FIRST_AT + DAY_MS, 5],
    [FIRST_AT + 10 * DAY_MS, 5],
  ])('gives it as it was in force at %i', async (when, lotSize) => {
    expect(await find(at(when))).toMatchObject({ lotSize })
  })

  it.each([
    [{ version: 'v20261001-1' }, 'No instrument list v20261001-1 is kept'],
    [{ at: FIRST_AT - 1 }, 'No instrument list of 2026-11-20T00:59:59.999Z is kept'],
  ])('says which versions are kept when %p is not', async (which, message) => {
    await expect(find({ exchange: 'NSE', symbol: 'S1', ...which })).rejects.toMatchObject({
      code: 'INSTRUMENTS_VERSION_NOT_KEPT',
      message: expect.stringContaining(`${message}; kept versions: v20261121-1; v20261120-1`),
    })
  })

  it('names a symbol that a version did not have', async () => {
    await expect(find({ exchange: 'NSE', symbol: 'NEW', version: 'v20261120-1' })).rejects.toMatchObject({
      code: 'INSTRUMENT_NOT_FOUND',
      details: { symbol: 'NEW' },
    })
  })
})

describe('instruments.search', () => {
  it('finds by the beginning and by likeness, on one exchange if asked', async () => {
    const found = await searchInstruments({ query: 'nifty', exchange: 'NFO', limit: 3 }, house.store)
    expect(found.version).toBe('v20261121-1')
    expect(found.instruments.map(({ exchange }) => exchange)).toEqual(['NFO', 'NFO', 'NFO'])
    const [index] = (await searchInstruments({ query: 'NIFTI', exchange: 'NSE_INDEX' }, house.store))
      .instruments
    expect(index).toMatchObject({ symbol: 'NIFTY', token: 26_000 })
    expect(index).not.toHaveProperty('series')
  })

  it('finds nothing where there is nothing', async () => {
    expect(await searchInstruments({ query: 'zzzzzzzzzz' }, house.store)).toMatchObject({ instruments: [] })
  })
})

describe('instruments.expiries', () => {
  const expiries = (data: unknown) => listExpiries(data, house)

  it('gives those to come', async () => {
    expect(await expiries({ exchange: 'NFO', underlying: 'NIFTY' })).toEqual({
      version: 'v20261121-1',
      expiries: ['26-NOV-26'],
    })
  })

  it('gives the one of today and none of yesterday', async () => {
    const on = (nowMs: number) =>
      listExpiries(
        { exchange: 'NFO', underlying: 'NIFTY', kind: 'options' },
        { store: house.store, clock: { nowMs: () => nowMs, after: () => () => undefined } },
      )
    expect((await on(Date.parse('2026-11-26T23:59:00+05:30'))).expiries).toEqual(['26-NOV-26'])
    expect((await on(Date.parse('2026-11-27T00:00:00+05:30'))).expiries).toEqual([])
  })
})

describe('instruments.option-chain', () => {
  const query = { exchange: 'NFO', underlying: 'NIFTY', expiry: '26-NOV-26' }

  it('gives the strikes around the money with their tokens', async () => {
    const chain = await optionChain({ ...query, around: 21_012, strikeCount: 2 }, house.store)
    expect(chain).toMatchObject({ version: 'v20261121-1', atTheMoney: 21_000 })
    expect(chain.strikes.map(({ strike, call, put }) => [strike, call?.token, put])).toEqual([
      [20_900, 60_019, undefined],
      [20_950, 60_020, undefined],
      [21_000, 60_021, undefined],
      [21_050, 60_022, undefined],
      [21_100, 60_023, undefined],
    ])
  })

  it('gives all strikes, and none of an expiry that is not there', async () => {
    expect((await optionChain(query, house.store)).strikes).toHaveLength(60)
    expect((await optionChain({ ...query, expiry: '31-DEC-26' }, house.store)).strikes).toEqual([])
  })
})

describe('instruments.list', () => {
  const list = (data: unknown) => listInstruments(data, house)

  it('gives every row once, page by page, in the columns of the table', async () => {
    const symbols: string[] = []
    let page = await list({ limit: 7 })
    for (;;) {
      symbols.push(...(page.rows ?? []).map(({ exchange, symbol }) => `${exchange}:${symbol}`))
      if (page.next === undefined) break
      page = await list({ limit: 7, version: page.version, next: page.next })
    }
    expect(page.total).toBe(83)
    expect(symbols).toHaveLength(83)
    expect(new Set(symbols).size).toBe(83)
    const [first] = (await list({ exchange: 'NFO', limit: 1 })).rows ?? []
    expect(Object.keys(first ?? {})).toEqual(
      'symbol brsymbol name token exchange brexchange expiry strike lotsize instrumenttype tick_size freeze_quantity'.split(
        ' ',
      ),
    )
  })

  it('gives lines of CSV with one header, whatever a name holds', async () => {
    const first = await list({ exchange: 'NSE', format: 'csv', limit: 1 })
    expect(first.csv?.split('\n')).toEqual([
      'symbol,brsymbol,name,token,exchange,brexchange,expiry,strike,lotsize,instrumenttype,tick_size,freeze_quantity',
      '"A,""B""","A,""B""","A,""B"" LTD",77,NSE,NSECM,,,1,EQ,0.05,999',
    ])
    const second = await list({
      exchange: 'NSE',
      format: 'csv',
      limit: 1,
      version: first.version,
      next: first.next,
    })
    expect(second.csv).toBe('NEW,NEW,NEW LTD,99,NSE,NSECM,,,1,EQ,0.05,999')
  })

  it('goes on in the version it began with', async () => {
    const page = await list({ exchange: 'NSE', version: 'v20261120-1' })
    expect(page).toMatchObject({ version: 'v20261120-1', total: 89, next: undefined })
    expect(page.rows?.map(({ symbol }) => symbol)).toContain('S3')
  })
})

describe('instruments.diff', () => {
  const diff = (data: unknown) => diffVersions(data, house)

  it('says what the list in force changed, old and new', async () => {
    const answer = await diff({ exchange: 'NSE' })
    expect(answer).toEqual({
      from: 'v20261120-1',
      to: 'v20261121-1',
      counts: { added: 1, removed: 7, changed: 1, fields: { lotSize: 1 } },
      matching: 3,
      changes: [
        {
          ...{ kind: 'changed', exchange: 'NSE', symbol: 'S1', segment: 'NSECM', token: 1 },
          fields: { lotSize: { old: 1, new: 5 } },
        },
        { kind: 'added', exchange: 'NSE', symbol: 'NEW', segment: 'NSECM', token: 99 },
        { kind: 'removed', exchange: 'NSE', symbol: 'S3', segment: 'NSECM', token: 3 },
      ],
      versions: ['v20261121-1', 'v20261120-1'],
    })
  })

  it('gives one kind, a page of it, and either way round', async () => {
    const back = await diff({ from: 'v20261121-1', to: 'v20261120-1', kind: 'added', offset: 2, limit: 2 })
    expect(back).toMatchObject({ matching: 7, counts: { added: 7, removed: 1, changed: 1 } })
    expect(back.changes).toHaveLength(2)
  })

  it('of the first version is nothing', async () => {
    expect(await diff({ to: 'v20261120-1' })).toMatchObject({ from: 'v20261120-1', matching: 0, changes: [] })
  })
})

describe('a request that breaks its contract', () => {
  it.each<[string, (data: unknown) => Promise<unknown>, object, string[]]>([
    [
      'find',
      (data) => findInstrument(data, house),
      { exchange: 'X', version: '7', at: -1, more: 1 },
      ['exchange', 'symbol', 'version', 'at', 'more'],
    ],
    [
      'search',
      (data) => searchInstruments(data, house.store),
      { query: ' ', exchange: 'X', limit: 501 },
      ['query', 'exchange', 'limit'],
    ],
    [
      'expiries',
      (data) => listExpiries(data, house),
      { underlying: '', kind: 'swaps' },
      ['exchange', 'underlying', 'kind'],
    ],
    [
      'option-chain',
      (data) => optionChain(data, house.store),
      { exchange: 'NFO', underlying: 'NIFTY', expiry: '2026-11-26', around: 0, strikeCount: 101 },
      ['expiry', 'around', 'strikeCount'],
    ],
    [
      'list',
      (data) => listInstruments(data, house),
      { limit: 1_001, format: 'xml', segment: 'X', next: -1 },
      ['limit', 'format', 'segment', 'next'],
    ],
    ['list without its version', (data) => listInstruments(data, house), { next: 7 }, ['version']],
    [
      'diff',
      (data) => diffVersions(data, house),
      { from: 'a', to: 'b', kind: 'c', offset: -1, limit: 0 },
      ['from', 'to', 'kind', 'offset', 'limit'],
    ],
  ])('instruments.%s names every problem at once', async (_, ask, data, fields) => {
    const refusal: unknown = await ask(data).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(AppError)
    expect(refusal).toMatchObject({ code: 'REQUEST_INVALID', kind: 'invalid' })
    const { problems } = (refusal as AppError).details as { problems: { field: string }[] }
    expect(problems.map(({ field }) => field).sort()).toEqual([...fields].sort())
  })
})
