import type { GateFailure, Segment } from '@xts-bridge/contracts'
import { BSE, FO, NSE, REFUSED } from './testing/corruptions'
import { TAKEN } from './testing/flawed-lists'
import { House } from './testing/house'
import { masterAnswer } from './testing/master-answer'
import { cashText } from './testing/rows'

let house: House
const serve = (segment: Segment, what: string | Buffer): void => {
  house.answers = { [segment]: Buffer.isBuffer(what) ? what : masterAnswer(what) }
}

beforeEach(async () => {
  house = await House.open()
  house.segments = ['NSECM', 'NSEFO', 'BSECM']
  house.texts = { NSECM: NSE, NSEFO: FO, BSECM: BSE }
  house.limits = {
    ...house.limits,
    mandatory: [
      { exchange: 'NSE', symbol: 'S7' },
      { exchange: 'NFO', symbol: 'NIFTY*FUT', futureOf: 'NIFTY' },
    ],
  }
})
afterEach(() => house.close())

describe('a segment that the broker serves damaged keeps its last good rows and says why', () => {
  it(`in ${REFUSED.length} cases`, () => expect(REFUSED.length).toBeGreaterThanOrEqual(50))

  it.each(REFUSED)('$what', async ({ segment = 'NSECM', serves, gate, found }) => {
    const keeper = house.keeper()
    await keeper.refresh()
    serve(segment, serves)
    house.texts = { ...house.texts, BSECM: cashText('BSECM', 31) }
    const status = await keeper.refresh()
    await house.expectOneList('v20261120-2', 200 + 202 + 31 + 1)
    const failures: readonly GateFailure[] = status.refused ?? []
    expect(failures.map((failure) => failure.segment)).toEqual(failures.map(() => segment))
    expect(failures).toContainEqual(
      expect.objectContaining({
        gate,
        found: expect.stringMatching(found),
        expected: expect.stringMatching(/./),
      }),
    )
    expect(status.segments.find((count) => count.segment === segment)).toMatchObject({
      carriedFrom: 'v20261120-1',
      refusedBecause: expect.stringMatching(/./),
    })
    expect(house.store.require({ exchange: 'NSE', symbol: 'S200' }).token).toBe(200)
    expect(house.published.at(-1)).toMatchObject({
      topic: 'instruments.refused',
      data: { refused: failures },
    })
  })
})

describe('what is wrong with a few rows is counted, and the rest is taken', () => {
  it.each(TAKEN)('$what', async ({ serves, instruments, refused }) => {
    const keeper = house.keeper()
    await keeper.refresh()
    serve('NSECM', serves)
    const status = await keeper.refresh()
    await house.expectOneList('v20261120-2', instruments + 202 + 30 + 1)
    expect(status.refused).toEqual([])
    expect(status.segments.find(({ segment }) => segment === 'NSECM')).toMatchObject({ instruments, refused })
  })
})

describe('the first list of all', () => {
  it.each(REFUSED.filter(({ gate }) => gate !== 'row-count'))('refuses $what as well', async (corruption) => {
    const { segment = 'NSECM', serves, gate } = corruption
    serve(segment, serves)
    const status = await house.keeper().refresh()
    expect(status.refused).toContainEqual(expect.objectContaining({ segment, gate }))
    expect(status.segments.find((count) => count.segment === segment)).toMatchObject({ instruments: 0 })
    expect(house.store.count).toBe(1 + 30 + (segment === 'NSECM' ? 202 : 200))
  })
})
