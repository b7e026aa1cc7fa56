import { join } from 'node:path'
import type { Segment } from '@xts-bridge/contracts'
import { ListWorkshop } from './list-workshop'
import { House } from './testing/house'
import { cashRow, cashText, type Texts } from './testing/rows'
import { typescriptWorker } from './testing/typescript-worker'

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())

describe('a refresh', () => {
  it('puts the list in force everywhere and publishes it', async () => {
    const status = await house.keeper().refresh()
    await house.expectOneList('v20261120-1', 51)
    expect(status).toEqual({
      version: 'v20261120-1',
      swappedAtMs: house.clock.nowMs(),
      total: 51,
      segments: [
        { segment: 'NSECM', rows: 20, instruments: 20, refused: {} },
        { segment: 'BSECM', rows: 30, instruments: 30, refused: {} },
        { segment: 'NSE_INDEX', rows: 1, instruments: 1, refused: {} },
      ],
      isRefreshing: false,
      lastProblem: undefined,
    })
    expect(house.published).toEqual([{ topic: 'instruments.swapped', data: status }])
    expect(house.store.require({ exchange: 'NSE_INDEX', symbol: 'NIFTY' })).toMatchObject({ token: 26_000 })
  })

  it('builds the list in a thread of its own', async () => {
    const worker = typescriptWorker(join(__dirname, 'list-worker.ts'))
    await house.keeper({ openWorkshop: () => new ListWorkshop(worker) }).refresh()
    await house.expectOneList('v20261120-1', 51)
    expect(worker.threadId).toBe(-1)
  })

  it('keeps the last good list when the thread dies', async () => {
    await house.keeper().refresh()
    const worker = typescriptWorker(join(__dirname, 'no-such-worker.ts'))
    const refresh = house.keeper({ openWorkshop: () => new ListWorkshop(worker) }).refresh()
    await expect(refresh).rejects.toMatchObject({ code: 'REFRESH_FAILED' })
    await house.expectOneList('v20261120-1', 51)
  })

  it('counts a segment that the broker serves empty, and works without it', async () => {
    house.segments = ['NSECM', 'NSEFO', 'BSECM', 'BSEFO']
    const status = await house.keeper().refresh()
    expect(status.segments).toContainEqual({ segment: 'NSEFO', rows: 0, instruments: 0, refused: {} })
    await house.expectOneList('v20261120-1', 51)
  })

  it('asks for no index list when NSECM is not in the profile', async () => {
    house.segments = ['BSECM']
    await house.keeper().refresh()
    await house.expectOneList('v20261120-1', 30)
  })

  it('runs once for all who ask during it', async () => {
    const keeper = house.keeper()
    const answers = await Promise.all([keeper.refresh(), keeper.refresh(), keeper.refresh()])
    expect(answers.map(({ version }) => version)).toEqual(['v20261120-1', 'v20261120-1', 'v20261120-1'])
    expect(house.published).toHaveLength(1)
  })

  it('keeps three files and counts versions up', async () => {
    const keeper = house.keeper()
    for (let round = 0; round < 5; round += 1) await keeper.refresh()
    expect(house.folder.versions()).toEqual(['v20261120-5', 'v20261120-4', 'v20261120-3'])
    await house.clock.advance(86_400_000)
    await keeper.refresh()
    await house.expectOneList('v20261121-1', 51)
  })

  it('leaves the rows of another broker alone', async () => {
    await house.table.replace('other', { version: 'v20260101-1', instruments: [] })
    await house.keeper().refresh()
    expect(await house.table.version('other')).toBe('v20260101-1')
  })
})

describe('a bad download is refused, says why, and keeps the last good list', () => {
  const nse = cashText('NSECM', 20)
  const eachRow = (change: (fields: string[]) => void): string =>
    nse
      .split('\n')
      .map((row) => {
        const fields = row.split('|')
        change(fields)
        return fields.join('|')
      })
      .join('\n')

  it.each<[string, Texts, RegExp]>([
    ['empty', {}, /NSECM has 0 instruments.*BSECM has 0 instruments/],
    ['empty in one segment', { NSECM: nse }, /BSECM has 0 instruments and the last good list had 30/],
    ['only line endings', { NSECM: '\n\n\r\n', BSECM: cashText('BSECM', 30) }, /NSECM has 0 instruments/],
    [
      'cut to a third',
      { NSECM: nse.slice(0, nse.length / 3), BSECM: cashText('BSECM', 30) },
      /NSECM has \d instruments/,
    ],
    [
      'only a header',
      { NSECM: 'ExchangeSegment|ExchangeInstrumentID|InstrumentType', BSECM: cashText('BSECM', 30) },
      /segment "unknown"/,
    ],
    [
      'a web page',
      { NSECM: '<html>\n<body>Service Unavailable</body>\n</html>', BSECM: cashText('BSECM', 30) },
      /3 rows are of segment "unknown"/,
    ],
    [
      'an error text',
      { NSECM: '{"type":"error","code":"e-0001"}', BSECM: cashText('BSECM', 30) },
      /segment "unknown"/,
    ],
    [
      'another segment',
      { NSECM: cashText('BSECM', 30), BSECM: cashText('BSECM', 30) },
      /NSECM has 0 instruments/,
    ],
    [
      'a segment nobody asked for',
      {
        NSECM: `${nse}\n${cashRow('NSECM', 'X', 99).replace('NSECM', 'NSEFO')}`,
        BSECM: cashText('BSECM', 30),
      },
      /"NSEFO", which was not asked for/,
    ],
    [
      'NaN everywhere',
      { NSECM: eachRow((fields) => fields.fill('NaN', 8, 14)), BSECM: cashText('BSECM', 30) },
      /not one of the 20 rows of NSECM is an instrument \(bad-number 20\)/,
    ],
    [
      'negative lots',
      { NSECM: eachRow((fields) => (fields[12] = '-1')), BSECM: cashText('BSECM', 30) },
      /lot-not-positive 20/,
    ],
    [
      'zero ticks',
      { NSECM: eachRow((fields) => (fields[11] = '0')), BSECM: cashText('BSECM', 30) },
      /tick-not-positive 20/,
    ],
    [
      'shuffled columns',
      { NSECM: eachRow((fields) => fields.reverse()), BSECM: cashText('BSECM', 30) },
      /"unknown"/,
    ],
    [
      'swapped columns',
      {
        NSECM: eachRow((fields) => ([fields[1], fields[2]] = [fields[2] ?? '', fields[1] ?? ''])),
        BSECM: cashText('BSECM', 30),
      },
      /unknown-instrument-type/,
    ],
    [
      'columns missing',
      { NSECM: eachRow((fields) => fields.pop()), BSECM: cashText('BSECM', 30) },
      /wrong-field-count 20/,
    ],
    [
      'one token for all',
      {
        NSECM: eachRow((fields) => ((fields[1] = '7'), (fields[7] = '1100100000007'))),
        BSECM: cashText('BSECM', 30),
      },
      /conflicting-key 20/,
    ],
    [
      'foreign tokens',
      { NSECM: eachRow((fields) => (fields[7] = '1100100009999')), BSECM: cashText('BSECM', 30) },
      /instrument-id-mismatch 20/,
    ],
    [
      'a wrong encoding',
      { NSECM: eachRow((fields) => (fields[3] = 'Ã©')), BSECM: cashText('BSECM', 30) },
      /not-plain-text 20/,
    ],
    [
      'blank names',
      { NSECM: eachRow((fields) => (fields[3] = '')), BSECM: cashText('BSECM', 30) },
      /missing-name 20/,
    ],
    [
      'test symbols only',
      { NSECM: eachRow((fields) => (fields[15] = 'DUMMYSAN001')), BSECM: cashText('BSECM', 30) },
      /test-symbol 20/,
    ],
    [
      'a fifth unreadable',
      {
        NSECM: `${cashText('NSECM', 16)}\n${eachRow((fields) => (fields[12] = '0'))
          .split('\n')
          .slice(16)
          .join('\n')}`,
        BSECM: cashText('BSECM', 30),
      },
      /4 of the 20 rows of NSECM are refused \(lot-not-positive 4\)/,
    ],
  ])('%s', async (_, texts, reason) => {
    const keeper = house.keeper()
    await keeper.refresh()
    house.texts = texts
    await expect(keeper.refresh()).rejects.toMatchObject({
      code: 'REFRESH_FAILED',
      message: expect.stringMatching(reason),
    })
    await house.expectOneList('v20261120-1', 51)
    expect(keeper.status()).toMatchObject({
      version: 'v20261120-1',
      lastProblem: expect.stringMatching(reason),
    })
    expect(house.published.map(({ topic }) => topic)).toEqual(['instruments.swapped', 'instruments.refused'])
    expect(house.published[1]?.data).toMatchObject({
      version: 'v20261120-1',
      lastProblem: expect.stringMatching(reason),
    })
  })

  it('also when it is the first: then there is none', async () => {
    house.texts = { NSECM: '<html></html>' }
    const keeper = house.keeper()
    await expect(keeper.refresh()).rejects.toMatchObject({ code: 'REFRESH_FAILED' })
    expect(keeper.status()).toMatchObject({ version: undefined, total: 0 })
    expect(house.folder.versions()).toEqual([])
  })

  it('and the next good one is taken', async () => {
    const keeper = house.keeper()
    await keeper.refresh()
    const good = house.texts
    house.texts = {}
    await expect(keeper.refresh()).rejects.toThrow()
    house.texts = good
    await keeper.refresh()
    await house.expectOneList('v20261120-2', 51)
    expect(keeper.status().lastProblem).toBeUndefined()
  })

  it('when the index list cannot be had', async () => {
    await house.keeper().refresh()
    const lists = {
      open: async () => undefined,
      master: async (segment: Segment) => house.texts[segment] ?? '',
      indices: () => Promise.reject(new Error('indices: HTTP 500')),
    }
    await expect(house.keeper({ lists }).refresh()).rejects.toThrow('indices: HTTP 500')
    await house.expectOneList('v20261120-1', 51)
  })
})
