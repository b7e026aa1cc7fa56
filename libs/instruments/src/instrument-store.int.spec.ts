import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IndexFile } from './index-file'
import { IndexFolder } from './index-folder'
import { InstrumentStore } from './instrument-store'
import { listed, publish } from './testing/lists'

const KEY = { exchange: 'NSE', symbol: 'TCS' } as const

describe('the instrument store', () => {
  let path: string
  let folder: IndexFolder
  let store: InstrumentStore

  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'instrument-store-'))
    folder = new IndexFolder(path)
    store = new InstrumentStore({ folder: path })
  })

  afterEach(() => {
    rmSync(path, { recursive: true })
  })

  it('knows nothing before the first list and says so', () => {
    expect(store.load()).toBe(false)
    expect(store.version).toBeUndefined()
    expect(store.count).toBe(0)
    expect(store.find(KEY)).toBeUndefined()
    expect(errorOf(() => store.require(KEY))).toMatchObject({ code: 'INSTRUMENTS_UNAVAILABLE' })
  })

  it('knows nothing in a folder that is not there', () => {
    expect(new InstrumentStore({ folder: join(path, 'missing') }).load()).toBe(false)
  })

  it('loads the version in force, once', async () => {
    publish(folder, 'v20261120-1', [listed('TCS', 11_536)])
    expect(store.load()).toBe(true)
    expect(store.load()).toBe(false)
    expect(await store.loadInSteps()).toBe(false)
    expect(store.version).toBe('v20261120-1')
    expect(store.require(KEY)).toMatchObject({ token: 11_536 })
    expect(store.byToken('NSECM', 11_536)).toBe(store.find(KEY))
  })

  it('names symbol, exchange and near matches of an unknown symbol', () => {
    publish(folder, 'v20261120-1', [listed('TCS', 11_536)])
    store.load()
    expect(errorOf(() => store.require({ exchange: 'NSE', symbol: 'TCSS' }))).toMatchObject({
      code: 'INSTRUMENT_NOT_FOUND',
      details: { exchange: 'NSE', symbol: 'TCSS', near: ['TCS'] },
    })
  })

  it('can be searched and asked for expiries only with a list', async () => {
    await expect(store.search({ text: 'TCS' })).rejects.toMatchObject({ code: 'INSTRUMENTS_UNAVAILABLE' })
    await expect(store.directory()).rejects.toMatchObject({ code: 'INSTRUMENTS_UNAVAILABLE' })
  })

  it('searches the list in force, also after a swap', async () => {
    publish(folder, 'v20261120-1', [listed('TCS', 11_536)])
    store.load()
    expect(await store.search({ text: 'tcs' })).toMatchObject([{ token: 11_536 }])
    publish(folder, 'v20261120-2', [listed('TCS', 4_711)])
    const during = store.search({ text: 'tcs' })
    await store.loadInSteps()
    expect(await during).toMatchObject([{ token: 11_536 }])
    expect(await store.search({ text: 'tcs' })).toMatchObject([{ token: 4_711 }])
    expect((await store.directory()).page({ limit: 5 }).instruments).toMatchObject([{ token: 4_711 }])
  })

  it('takes a list that was read already and does not read its file again', () => {
    publish(folder, 'v20261120-1', [listed('TCS', 11_536)])
    store.use(IndexFile.read(folder.path('v20261120-1')))
    rmSync(folder.path('v20261120-1'))
    expect(store.load()).toBe(false)
    expect(store.find(KEY)).toMatchObject({ token: 11_536 })
  })

  it('hands out an instrument that stays as it was when the list is replaced', async () => {
    publish(folder, 'v20261120-1', [listed('TCS', 11_536, { lotSize: 1 })])
    store.load()
    const before = store.require(KEY)
    publish(folder, 'v20261120-2', [listed('TCS', 11_536, { lotSize: 2 })])
    await store.loadInSteps()
    expect(before.lotSize).toBe(1)
    expect(store.require(KEY).lotSize).toBe(2)
  })

  it('keeps answering from a list whose file is gone', () => {
    publish(folder, 'v20261120-1', [listed('TCS', 11_536)])
    store.load()
    publish(folder, 'v20261120-2', [listed('INFY', 1_594)])
    folder.remove('v20261120-1')
    expect(store.find(KEY)).toMatchObject({ token: 11_536 })
  })

  it.each([
    ['cut', (file: string) => truncateSync(file, 100)],
    ['empty', (file: string) => truncateSync(file, 0)],
    ['a web page', (file: string) => writeFileSync(file, '<html></html>'.repeat(20))],
    ['missing', (file: string) => rmSync(file)],
  ])('keeps its list when the next file is %s', async (_, damage) => {
    publish(folder, 'v20261120-1', [listed('TCS', 11_536)])
    store.load()
    publish(folder, 'v20261120-2', [listed('INFY', 1_594)])
    damage(folder.path('v20261120-2'))
    expect(() => store.load()).toThrow('v20261120-2.index')
    await expect(store.loadInSteps()).rejects.toThrow('v20261120-2.index')
    expect(store.version).toBe('v20261120-1')
    expect(store.find(KEY)).toMatchObject({ token: 11_536 })
  })

  it('finds each symbol of one list only, through a hundred swaps', async () => {
    const listWith = (lotSize: number) =>
      Array.from({ length: 500 }, (_, token) => listed(`S${token}`, token, { lotSize }))
    publish(folder, 'v20261120-1', listWith(1))
    store.load()
    for (let swap = 2; swap <= 100; swap += 1) {
      publish(folder, `v20261120-${swap}`, listWith(swap))
      folder.keepNewest(3)
      const loading = store.loadInSteps()
      const lots = new Set(
        Array.from(
          { length: 500 },
          (_, token) => store.require({ exchange: 'NSE', symbol: `S${token}` }).lotSize,
        ),
      )
      expect([...lots]).toEqual([swap - 1])
      await loading
      expect(store.byToken('NSECM', 499)).toMatchObject({ lotSize: swap })
    }
  })
})

describe('the folder of index files', () => {
  let path: string
  let folder: IndexFolder

  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'index-folder-'))
    folder = new IndexFolder(join(path, 'instruments'))
  })

  afterEach(() => {
    rmSync(path, { recursive: true })
  })

  it('counts versions up within a day and anew on the next', () => {
    expect(folder.nextVersion('20261120')).toBe('v20261120-1')
    publish(folder, 'v20261120-9', [])
    publish(folder, 'v20261120-10', [])
    expect(folder.versions()).toEqual(['v20261120-10', 'v20261120-9'])
    expect(folder.nextVersion('20261120')).toBe('v20261120-11')
    expect(folder.nextVersion('20261120', ['v20261120-30', undefined])).toBe('v20261120-31')
    expect(folder.nextVersion('20261121')).toBe('v20261121-1')
  })

  it('never gives a version again, even when its file was removed', () => {
    publish(folder, 'v20261120-5', [])
    folder.remove('v20261120-5')
    expect(folder.nextVersion('20261120')).toBe('v20261120-6')
  })

  it.each(['', 'v20261120', '../../etc/passwd', 'v20261120-1/../x', '\u0000'])(
    'takes the pointer %j for none',
    (text) => {
      mkdirSync(folder.folder)
      writeFileSync(join(folder.folder, 'current'), text)
      expect(folder.current()).toBeUndefined()
    },
  )

  it('keeps the newest files and the one in force', () => {
    for (const counter of [1, 2, 3, 4, 5]) publish(folder, `v20261120-${counter}`, [])
    folder.pointTo('v20261120-1')
    expect(folder.keepNewest(2)).toEqual(['v20261120-3', 'v20261120-2'])
    expect(folder.versions()).toEqual(['v20261120-5', 'v20261120-4', 'v20261120-1'])
  })

  it('leaves nothing unfinished behind, and removes what a crash left', () => {
    publish(folder, 'v20261120-1', [])
    expect(readdirSync(folder.folder).sort()).toEqual(['current', 'v20261120-1.index'])
    writeFileSync(join(folder.folder, 'v20261120-2.index.4711.unfinished'), 'half')
    folder.removeUnfinished()
    expect(readdirSync(folder.folder).sort()).toEqual(['current', 'v20261120-1.index'])
    expect(readFileSync(join(folder.folder, 'current'), 'utf8')).toBe('v20261120-1\n')
  })

  it('is left without a version in force when it is withdrawn', () => {
    publish(folder, 'v20261120-1', [])
    folder.withdraw()
    expect(folder.current()).toBeUndefined()
    expect(existsSync(folder.path('v20261120-1'))).toBe(true)
  })
})

function errorOf(work: () => unknown): unknown {
  try {
    work()
    return undefined
  } catch (error) {
    return error
  }
}
