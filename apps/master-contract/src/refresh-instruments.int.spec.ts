import { join } from 'node:path'
import { ListWorkshop } from './list-workshop'
import { BROKER, House } from './testing/house'
import { cashRow, cashText, contractText } from './testing/rows'
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
      lastRefreshAtMs: house.clock.nowMs(),
      ageMs: 0,
      refused: [],
      diff: { added: 51, removed: 0, changed: 0, fields: {} },
      progress: undefined,
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
    const keeper = house.keeper()
    const status = await keeper.refresh()
    expect(status.segments).toContainEqual({ segment: 'NSEFO', rows: 0, instruments: 0, refused: {} })
    expect(status.refused).toEqual([])
    await house.expectOneList('v20261120-1', 51)
    house.texts = { ...house.texts, NSEFO: contractText('2026-11-26', 10) }
    await keeper.refresh()
    await house.expectOneList('v20261120-2', 62)
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

  it('counts versions up and keeps those of the last days', async () => {
    const keeper = house.keeper()
    for (let round = 0; round < 3; round += 1) await keeper.refresh()
    await house.clock.advance(7 * 86_400_000)
    await keeper.refresh()
    await house.expectOneList('v20261127-1', 51)
    expect(house.folder.versions()).toEqual(['v20261127-1', 'v20261120-3', 'v20261120-2', 'v20261120-1'])
    await house.clock.advance(86_400_000)
    await keeper.refresh()
    expect(house.folder.versions()).toEqual(['v20261128-1', 'v20261127-1'])
  })

  it('tells how far it has come', async () => {
    await house.keeper().refresh()
    expect(house.progress.map(({ step, segment, done, of }) => [step, segment, done, of])).toEqual([
      ['download', 'NSECM', 0, 3],
      ['download', 'BSECM', 1, 3],
      ['download', 'NSE_INDEX', 2, 3],
      ['check', undefined, 3, 3],
      ['write-index', undefined, 3, 3],
      ['swap-table', undefined, 3, 3],
      ['point', undefined, 3, 3],
      ['done', undefined, 3, 3],
    ])
  })

  it('says what it changed', async () => {
    const keeper = house.keeper()
    await keeper.refresh()
    house.texts = {
      ...house.texts,
      NSECM: `${cashText('NSECM', 18)}\n${cashRow('NSECM', 'S19', 19, 5)}\n${cashRow('NSECM', 'NEW', 99)}`,
    }
    const { diff } = await keeper.refresh()
    expect(diff).toEqual({ added: 1, removed: 1, changed: 1, fields: { lotSize: 1 } })
    expect(house.published[1]).toMatchObject({ topic: 'instruments.swapped', data: { diff } })
    await house.expectOneList('v20261120-2', 51)
  })

  it('stores the whole list when the table holds another one than the last good', async () => {
    const keeper = house.keeper()
    await keeper.refresh()
    await house.table.replace(BROKER, { version: 'v20261101-1', instruments: [] })
    house.texts = { ...house.texts, NSECM: cashText('NSECM', 21) }
    await keeper.refresh()
    await house.expectOneList('v20261120-2', 52)
  })

  it('leaves the rows of another broker alone', async () => {
    await house.table.replace('other', { version: 'v20260101-1', instruments: [] })
    await house.keeper().refresh()
    expect(await house.table.version('other')).toBe('v20260101-1')
  })
})

describe('a segment that is refused', () => {
  const nse = cashText('NSECM', 20)

  it('keeps its last good rows in the new version, and the others are replaced', async () => {
    const keeper = house.keeper()
    await keeper.refresh()
    house.texts = { NSECM: cashText('NSECM', 5), BSECM: cashText('BSECM', 31) }
    const status = await keeper.refresh()
    await house.expectOneList('v20261120-2', 52)
    expect(status).toMatchObject({
      refused: [{ segment: 'NSECM', gate: 'row-count', found: '5 instruments' }],
      lastProblem: expect.stringContaining('NSECM, row-count: found 5 instruments, expected at least 18'),
      segments: expect.arrayContaining([
        expect.objectContaining({
          segment: 'NSECM',
          instruments: 20,
          carriedFrom: 'v20261120-1',
          refusedBecause: 'row-count: 5 instruments',
        }),
      ]),
    })
    expect(house.published.map(({ topic }) => topic)).toEqual([
      'instruments.swapped',
      'instruments.swapped',
      'instruments.refused',
    ])
    expect(house.published[2]?.data).toMatchObject({
      version: 'v20261120-2',
      refused: [{ segment: 'NSECM', gate: 'row-count' }],
    })
  })

  it('is retried alone, and then nothing is refused any more', async () => {
    const keeper = house.keeper()
    await keeper.refresh()
    house.texts = { NSECM: '', BSECM: cashText('BSECM', 31) }
    await keeper.refresh()
    expect(keeper.refusedSegments).toEqual(['NSECM'])
    house.texts = { NSECM: nse, BSECM: 'never asked for' }
    const status = await keeper.refresh(keeper.refusedSegments)
    await house.expectOneList('v20261120-3', 52)
    expect(status).toMatchObject({ refused: [], lastProblem: undefined })
    expect(status.segments.filter(({ refusedBecause }) => refusedBecause !== undefined)).toEqual([])
    expect(keeper.refusedSegments).toEqual([])
  })

  it('is known as refused after a start as well', async () => {
    const keeper = house.keeper()
    await keeper.refresh()
    house.texts = { NSECM: '', BSECM: cashText('BSECM', 31) }
    await keeper.refresh()
    await keeper.refresh().catch(() => undefined)
    await house.restart()
    expect(house.keeper().refusedSegments).toEqual(['NSECM'])
    expect(house.store.meta?.segments.find(({ segment }) => segment === 'NSECM')).toMatchObject({
      carriedFrom: 'v20261120-1',
    })
  })

  it('is missing when it is the first, and the others are there', async () => {
    house.answers = { NSECM: Buffer.from('<html></html>') }
    const status = await house.keeper().refresh()
    await house.expectOneList('v20261120-1', 31)
    expect(status.refused).toEqual([
      { segment: 'NSECM', gate: 'download', found: 'HTTP 200 with HTML', expected: 'the list of NSECM' },
    ])
  })

  it('loses contracts that have expired since without being called short', async () => {
    house.segments = ['NSEFO']
    const keeper = house.keeper()
    house.texts = { NSEFO: `${contractText('2026-11-20', 40)}\n${contractText('2026-12-31', 60, 60_000)}` }
    await keeper.refresh()
    await house.clock.advance(86_400_000)
    house.texts = { NSEFO: contractText('2026-12-31', 60, 60_000) }
    await keeper.refresh()
    await house.expectOneList('v20261121-1', 61)
    house.texts = { NSEFO: contractText('2026-12-31', 50, 60_000) }
    await expect(keeper.refresh()).rejects.toThrow(
      'NSEFO, row-count: found 51 instruments, expected at least 55',
    )
  })

  it('of the indices keeps them, and the index list keeps its own when the shares are refused', async () => {
    const keeper = house.keeper()
    await keeper.refresh()
    house.indices = []
    await keeper.refresh()
    await house.expectOneList('v20261120-2', 51)
    expect(keeper.refusedSegments).toEqual(['NSE_INDEX'])
    house.indices = [{ name: 'NIFTY 50', token: 26_000 }]
    house.texts = { ...house.texts, NSECM: '' }
    await keeper.refresh()
    await house.expectOneList('v20261120-3', 51)
    expect(keeper.refusedSegments).toEqual(['NSECM'])
  })
})

describe('when no segment is taken', () => {
  it('the last good list stays, and the next good one is taken', async () => {
    const keeper = house.keeper()
    await keeper.refresh()
    const good = house.texts
    house.texts = {}
    house.indices = []
    await expect(keeper.refresh()).rejects.toMatchObject({
      code: 'REFRESH_FAILED',
      kind: 'unavailable',
      message: expect.stringMatching(/NSECM, row-count.*BSECM, row-count.*NSE_INDEX, row-count/),
    })
    await house.expectOneList('v20261120-1', 51)
    expect(keeper.status()).toMatchObject({ version: 'v20261120-1', refused: [{}, {}, {}] })
    expect(house.published.map(({ topic }) => topic)).toEqual(['instruments.swapped', 'instruments.refused'])
    house.texts = good
    house.indices = [{ name: 'NIFTY 50', token: 26_000 }]
    await keeper.refresh()
    await house.expectOneList('v20261120-2', 51)
    expect(keeper.status().lastProblem).toBeUndefined()
  })

  it('of the first list, there is none', async () => {
    house.texts = {}
    house.indices = []
    const keeper = house.keeper()
    await expect(keeper.refresh()).rejects.toMatchObject({ code: 'REFRESH_FAILED' })
    expect(keeper.status()).toMatchObject({ version: undefined, total: 0 })
    expect(house.folder.versions()).toEqual([])
  })
})
