import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ListedInstrument } from '@xts-bridge/contracts'
import { ContractDirectory, encodeIndex, IndexFile, InstrumentSearch } from '@xts-bridge/instruments'
import { MasterParser } from '@xts-bridge/xts'

const DUMPS = join(__dirname, '../../../shared/data')
const MASTERS = [
  'xts_master_NSECM_2026-01-19.txt',
  'xts_master_BSECM_2026-01-19.txt',
  'xts_master_BSEFO_2026-01-19.txt',
  'xts_master_NSECD_2022-07_oldformat.txt',
]
const INDEX_LIST = 'xts_indexlist_segment1_2026.json'
const isThere = [...MASTERS, INDEX_LIST].every((file) => existsSync(join(DUMPS, file)))
const describeWithDumps = isThere ? describe : describe.skip
if (!isThere) console.log('Real instrument dumps are not beside the project; this test is skipped.')

describeWithDumps('all real lists together', () => {
  let instruments: readonly ListedInstrument[] = []
  let list: IndexFile
  let search: InstrumentSearch
  let directory: ContractDirectory

  beforeAll(async () => {
    const parser = new MasterParser()
    for (const file of MASTERS) {
      parser.addText(readFileSync(join(DUMPS, file)))
      parser.endText()
    }
    parser.addIndices('NSECM', listedIndices())
    instruments = parser.finish().instruments
    const meta = { version: 'v20260119-1', broker: 'test', builtAtMs: 0, segments: [] }
    list = IndexFile.decode(encodeIndex(instruments, meta), 'memory')
    directory = ContractDirectory.of(list)
    search = await InstrumentSearch.build(list, directory, () => Promise.resolve())
  })

  it('come back whole from the index file, each by both keys', () => {
    expect(list.count).toBe(instruments.length)
    let different = 0
    instruments.forEach((instrument, row) => {
      const isSame = JSON.stringify(sorted(list.listedAt(row))) === JSON.stringify(sorted(instrument))
      const isFound = list.find(instrument) === list.byToken(instrument.segment, instrument.token)
      if (!isSame || !isFound || list.find(instrument)?.token !== instrument.token) different += 1
    })
    expect(different).toBe(0)
  })

  it('have an order in which every symbol of an exchange stands once', () => {
    const symbols = (exchange: 'NSE' | 'BSE' | 'BFO' | 'CDS'): readonly string[] => {
      const first = list.orderedPosition(exchange, '')
      const found: string[] = []
      for (let at = first; list.symbolAt(exchange, at) !== undefined; at += 1)
        found.push(list.symbolAt(exchange, at) ?? '')
      return found
    }
    for (const exchange of ['NSE', 'BSE', 'BFO', 'CDS'] as const) {
      const expected = instruments.filter((one) => one.exchange === exchange).map(({ symbol }) => symbol)
      expect(symbols(exchange)).toEqual([...expected].sort())
    }
  })

  it.each([
    ['RELIANCE', 'NSE:RELIANCE'],
    ['state bank of india', 'NSE:SBIN'],
    ['nifty bank', 'NSE_INDEX:BANKNIFTY'],
    ['SENSEX 26FEB 88600 CE', 'BFO:SENSEX26FEB2688600CE'],
    ['senex 26feb 88600 pe', 'BFO:SENSEX26FEB2688600PE'],
    ['GBPUSD 26AUG22 1.16 CE', 'CDS:GBPUSD26AUG221.16CE'],
    ['RELAINCE', 'NSE:RELIANCE'],
    ['500325', 'BSE:RELIANCE'],
  ])('find for %j first %s', (text, first) => {
    const [found] = search.find({ text })
    expect(`${found?.exchange}:${found?.symbol}`).toBe(first)
  })

  it('have nineteen expiries of SENSEX and strikes around its money', () => {
    expect(directory.expiries({ exchange: 'BSE_INDEX', underlying: 'SENSEX' })).toHaveLength(19)
    const query = {
      exchange: 'BFO',
      underlying: 'SENSEX',
      expiry: '26-FEB-26',
      around: 83_456,
      strikeCount: 2,
    } as const
    const { atTheMoney, strikes } = directory.optionChain(query)
    expect(atTheMoney).toBe(83_500)
    expect(strikes.map(({ strike }) => strike)).toEqual([83_300, 83_400, 83_500, 83_600, 83_700])
    expect(strikes.every(({ call, put }) => call !== undefined && put !== undefined)).toBe(true)
  })
})

/** `NIFTY 50_26000`, parted at the last underscore. */
function listedIndices(): readonly { readonly name: string; readonly token: number }[] {
  const answer = JSON.parse(readFileSync(join(DUMPS, INDEX_LIST), 'utf8')) as {
    result: { indexList: string[] }
  }
  return answer.result.indexList.map((entry) => {
    const at = entry.lastIndexOf('_')
    return { name: entry.slice(0, at), token: Number(entry.slice(at + 1)) }
  })
}

/** The fields that are there, by name. */
function sorted(instrument: ListedInstrument): readonly unknown[] {
  return Object.entries(instrument)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}
