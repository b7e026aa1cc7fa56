import { InstrumentStore } from '@xts-bridge/instruments'
import { openInstrumentsDatabase } from '@xts-bridge/persistence'
import { join } from 'node:path'
import { BROKER, House } from './testing/house'
import { cashRow, cashText } from './testing/rows'

const SWAPS = 100
const SHARES = 300

/** List number n: every share has lot n, so that two rows of different lists are told apart. */
const listOfLot = (lot: number): string =>
  Array.from({ length: SHARES }, (_, at) => cashRow('NSECM', `S${at + 1}`, at + 1, lot)).join('\n')

let house: House
beforeEach(async () => {
  house = await House.open()
  house.segments = ['NSECM', 'BSECM']
  house.texts = { NSECM: listOfLot(1), BSECM: cashText('BSECM', 5) }
})
afterEach(() => house.close())

it(`readers of file and table see one whole list in each of ${SWAPS} swaps`, async () => {
  const other = { version: 'v20260101-1', instruments: [] }
  await house.table.replace('other', other)
  const keeper = house.keeper()
  await keeper.refresh()
  let isSwapping = true
  const problems: string[] = []
  let lookups = 0
  const seenLots = new Set<number>()

  const process = new InstrumentStore(house.folder)
  process.load()
  const readFile = async (): Promise<void> => {
    while (isSwapping) {
      await process.loadInSteps()
      const lots = [1, 150, SHARES].map(
        (at) => process.find({ exchange: 'NSE', symbol: `S${at}` })?.lotSize ?? Number.NaN,
      )
      lookups += 1
      if (new Set(lots).size !== 1 || lots.includes(Number.NaN)) problems.push(`file: ${lots.join()}`)
      seenLots.add(lots[0] ?? 0)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const connection = await openInstrumentsDatabase(join(house.path, 'instruments.sqlite'))
  const readTable = async (): Promise<void> => {
    while (isSwapping) {
      const [row] = await connection.query<{ least: number; most: number; rows: number }[]>(
        `SELECT min(lotsize) AS least, max(lotsize) AS most, count(*) AS rows
         FROM symbol_token JOIN symbol_detail USING (broker, brexchange, token)
         WHERE broker = ? AND brexchange = 'NSECM' AND exchange = 'NSE'`,
        [BROKER],
      )
      lookups += 1
      if (row?.least !== row?.most || row?.rows !== SHARES) problems.push(`table: ${JSON.stringify(row)}`)
    }
  }
  const readers = [readFile(), readTable()]
  for (let lot = 2; lot <= SWAPS + 1; lot += 1) {
    house.texts = { ...house.texts, NSECM: listOfLot(lot) }
    await keeper.refresh()
  }
  isSwapping = false
  await Promise.all(readers)
  await connection.close()
  expect(problems).toEqual([])
  expect(lookups).toBeGreaterThan(SWAPS)
  expect(seenLots.size).toBeGreaterThan(10)
  expect(await house.table.version('other')).toBe('v20260101-1')
  await house.expectOneList(`v20261120-${SWAPS + 1}`, SHARES + 6)
})
