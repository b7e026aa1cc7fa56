import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ListedInstrument } from '@xts-bridge/contracts'
import { MasterParser, parseMasterText, type MasterList } from './master-parser'
import { EXPECTED_REFUSALS } from './refusal-reasons'

const FOLDER = join(__dirname, '../../../../../shared/data')
const isThere = existsSync(join(FOLDER, 'xts_master_NSECM_2026-01-19.txt'))
if (!isThere) process.stdout.write('The real masters are not in ../shared/data; their tests are skipped.\n')

const parseFile = (name: string): MasterList => parseMasterText(readFileSync(join(FOLDER, name), 'utf8'))

function find(list: MasterList, symbol: string): ListedInstrument | undefined {
  return list.instruments.find((instrument) => instrument.symbol === symbol)
}

const describeReal = isThere ? describe : describe.skip

describeReal('every row of a real master is an instrument or a counted refusal', () => {
  it.each([
    [
      'xts_master_NSECM_2026-01-19.txt',
      { segment: 'NSECM', rows: 8942, instruments: 8920, refused: { 'test-symbol': 22 } },
    ],
    [
      'xts_master_BSECM_2026-01-19.txt',
      { segment: 'BSECM', rows: 13_424, instruments: 13_424, refused: {}, renamed: 2 },
    ],
    ['xts_master_BSEFO_2026-01-19.txt', { segment: 'BSEFO', rows: 5332, instruments: 5332, refused: {} }],
    [
      'xts_master_NSECM_2022_oldformat14.txt',
      { segment: 'NSECM', rows: 4822, instruments: 4822, refused: {} },
    ],
    [
      'xts_master_NSECD_2022-07_oldformat.txt',
      {
        segment: 'NSECD',
        rows: 11_687,
        instruments: 11_620,
        refused: { 'underlying-reference': 67 },
        renamed: 48,
      },
    ],
  ])('%s', (file, counts) => {
    const list = parseFile(file)
    expect(list.counts).toEqual([counts])
    expect(list.instruments).toHaveLength(counts.instruments)
    expect(new Set(list.instruments.map(({ exchange, symbol }) => `${exchange}:${symbol}`)).size).toBe(
      counts.instruments,
    )
  })
})

describeReal('a real master', () => {
  it.each([
    'xts_master_NSECM_2026-01-19.txt',
    'xts_master_BSECM_2026-01-19.txt',
    'xts_master_BSEFO_2026-01-19.txt',
    'xts_master_NSECM_2022_oldformat14.txt',
    'xts_master_NSECD_2022-07_oldformat.txt',
  ])('%s has no refusal that would need explaining, and the same list in pieces of bytes', (file) => {
    const whole = parseFile(file)
    const reasons = whole.counts.flatMap(({ refused }) => Object.keys(refused))
    expect(reasons.filter((reason) => !(EXPECTED_REFUSALS as readonly string[]).includes(reason))).toEqual([])
    const bytes = readFileSync(join(FOLDER, file))
    const parser = new MasterParser()
    for (let at = 0; at < bytes.length; at += 9_973) parser.addText(bytes.subarray(at, at + 9_973))
    expect(parser.finish()).toEqual(whole)
  })

  it('has price units of one wherever its layout has such columns', () => {
    const units = (file: string): ReadonlySet<string> =>
      new Set(
        parseFile(file)
          .instruments.filter(({ exchange }) => !exchange.endsWith('_INDEX'))
          .map(({ priceNumerator, priceDenominator }) => `${priceNumerator}/${priceDenominator}`),
      )
    expect([...units('xts_master_BSEFO_2026-01-19.txt')]).toEqual(['1/1'])
    expect([...units('xts_master_BSECM_2026-01-19.txt')]).toEqual(['1/1'])
    expect([...units('xts_master_NSECD_2022-07_oldformat.txt')]).toEqual(['undefined/undefined'])
  })
})

describeReal('the real masters of January 2026', () => {
  it('have the 56 BSE indices under their ecosystem names', () => {
    const list = parseFile('xts_master_BSECM_2026-01-19.txt')
    const indices = list.instruments.filter(({ exchange }) => exchange === 'BSE_INDEX')
    expect(indices).toHaveLength(56)
    expect(indices.map(({ symbol }) => symbol)).toEqual(
      expect.arrayContaining(['SENSEX', 'SENSEX50', 'BANKEX', 'BSEINFORMATIONTECHNOLOGY', 'BSEOIL&GAS']),
    )
    expect(find(list, 'ENERGY')).toMatchObject({ exchange: 'BSE', token: 544_604 })
  })

  it('have nine spreads, nine futures and no spread that reads as a future', () => {
    const { instruments } = parseFile('xts_master_BSEFO_2026-01-19.txt')
    const typed = (type: string): string[] =>
      instruments.filter(({ instrumentType }) => instrumentType === type).map(({ symbol }) => symbol)
    expect(typed('SPREAD')).toHaveLength(9)
    expect(typed('FUT')).toHaveLength(9)
    expect(typed('SPREAD').every((symbol) => symbol.endsWith('SPD'))).toBe(true)
    expect(typed('FUT')).toContain('SENSEX5026FEB26FUT')
  })

  it('give M&M and the KEL of both exchanges their own symbols', () => {
    const nse = parseFile('xts_master_NSECM_2026-01-19.txt')
    expect(find(nse, 'M&M')).toMatchObject({ token: 2031, tickSize: 0.1, bandHigh: 4024, bandLow: 3292.4 })
    expect(find(nse, 'ANURAS')).toMatchObject({ token: 2829 })
    expect(find(nse, 'ANURAS-W1')).toMatchObject({ token: 23_687 })
    expect(find(nse, '011NSETEST')).toBeUndefined()
  })
})
