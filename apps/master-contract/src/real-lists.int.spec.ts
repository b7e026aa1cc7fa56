import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ManualClock, type Segment } from '@xts-bridge/contracts'
import { parseMandatorySymbols } from './mandatory-symbols'
import { House } from './testing/house'

const DATA = join(__dirname, '../../../../shared/data')
const FILES: Partial<Record<Segment, string>> = {
  NSECM: 'xts_master_NSECM_2026-01-19.txt',
  BSECM: 'xts_master_BSECM_2026-01-19.txt',
  BSEFO: 'xts_master_BSEFO_2026-01-19.txt',
}
const isThere = Object.values(FILES).every((file) => existsSync(join(DATA, file)))
if (!isThere) process.stdout.write('The real lists are not in ../shared/data; their tests are skipped.\n')
const describeWithFiles = isThere ? describe : describe.skip

/** Of the default setting, those of the exchanges that the files have. */
const MANDATORY = 'BSE_INDEX:SENSEX,NSE:RELIANCE,NSE:HDFCBANK,BSE:RELIANCE,BFO:SENSEX*FUT'

describeWithFiles('the gates take the real lists of 2026-01-19', () => {
  let house: House
  beforeEach(async () => {
    house = await House.open()
    house.segments = Object.keys(FILES) as Segment[]
    house.limits = { ...house.limits, mandatory: parseMandatorySymbols(MANDATORY) ?? [] }
    for (const [segment, file] of Object.entries(FILES))
      house.texts = { ...house.texts, [segment]: readFileSync(join(DATA, file), 'utf8') }
  })
  afterEach(() => house.close())

  it('on their day', async () => {
    house.clock = new ManualClock(Date.parse('2026-01-19T09:00:00+05:30'))
    const status = await house.keeper().refresh()
    expect(status.refused).toEqual([])
    expect(status.total).toBeGreaterThan(27_000)
  })

  it('and refuse the contracts of that day ten months later', async () => {
    const status = await house.keeper().refresh()
    expect(status.refused?.map(({ segment, gate }) => [segment, gate])).toEqual([
      ['BSEFO', 'mandatory-symbols'],
      ['BSEFO', 'date'],
    ])
    expect(status.total).toBeGreaterThan(22_000)
  })
})
