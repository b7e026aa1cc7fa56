import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { XtsAccount, XtsInteractive, XtsLegOrders, XtsMarket, XtsMarketLookup } from '@xts-bridge/xts'
// eslint-disable-next-line @nx/enforce-module-boundaries -- tests may import every room, and the simulator has no alias
import { HOST_ROUTES, INTERACTIVE_ROUTES } from '../../tools/xts-simulator/src/rest/interactive-routes'
// eslint-disable-next-line @nx/enforce-module-boundaries -- tests may import every room, and the simulator has no alias
import { MARKET_ROUTES } from '../../tools/xts-simulator/src/rest/market-routes'

const XTS = join(__dirname, '../../libs/xts')
/** Where the tests of the table may lie. */
const TEST_FOLDERS = [__dirname, join(XTS, 'src')]

interface Row {
  readonly what: string
  readonly source: string
  readonly functions: readonly string[]
  readonly spec: string
  readonly title: string
  readonly isCalled: boolean
}

const section = (name: string): string =>
  readFileSync(join(XTS, 'MAPPING.md'), 'utf8').split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? ''

const ROWS: readonly Row[] = section('Endpoints')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('|---') && !/^\| (Call|Code) \|/.test(line))
  .map((line) => {
    const [, what = '', made = '', tested = ''] = line.split('|').map((cell) => cell.trim())
    const [source = '', ...functions] = [...made.matchAll(/`([\w.-]+)`/g)].map(([, name = '']) => name)
    const [, spec = '', title = ''] = /^`([\w.-]+)` "(.+)"$/.exec(tested) ?? []
    return { what, source, functions, spec, title, isCalled: !made.startsWith('not called') }
  })

const sourceOf = (file: string): string => readFileSync(join(XTS, 'src', file), 'utf8')

describe('the table of endpoints', () => {
  it('is there', () => expect(ROWS.length).toBeGreaterThan(50))

  it.each(ROWS.filter(({ isCalled }) => isCalled))(
    'names a function and a test that exist for $what',
    (row) => {
      expect(row.functions.length).toBeGreaterThan(0)
      for (const name of row.functions) expect(sourceOf(row.source)).toMatch(new RegExp(`\\b${name}\\(`))
      const file = TEST_FOLDERS.map((folder) => join(folder, row.spec)).find((path) => existsSync(path))
      expect(file).toBeDefined()
      expect(readFileSync(file ?? '', 'utf8')).toContain(row.title)
    },
  )

  it('has every route that the simulator serves from the broker’s papers, and no other', () => {
    const served = [...HOST_ROUTES, ...INTERACTIVE_ROUTES, ...MARKET_ROUTES].map(
      ({ method, path }) => `${method.toUpperCase()} ${path}`,
    )
    const listed = ROWS.flatMap(({ what }) =>
      [...what.matchAll(/`([A-Z]+ \/[^`]+)`/g)].map(([, call = '']) => call),
    )
    expect([...listed].sort()).toEqual([...new Set(served)].sort())
  })

  // A preview shows what would be sent and sends nothing.
  it.each([
    ['interactive.ts', XtsInteractive],
    ['leg-orders.ts', XtsLegOrders],
    ['account.ts', XtsAccount],
    ['market.ts', XtsMarket],
    ['market-lookup.ts', XtsMarketLookup],
  ])('has every function of %s', (source, { prototype }) => {
    const isPrivate = (name: string): boolean =>
      new RegExp(`private (async )?${name}\\b`).test(sourceOf(source))
    const isCall = (name: string): boolean => !/^(constructor$|preview)/.test(name) && !isPrivate(name)
    const listed = ROWS.filter((row) => row.source === source).flatMap(({ functions }) => functions)
    expect(Object.getOwnPropertyNames(prototype).filter(isCall).sort()).toEqual([...new Set(listed)].sort())
  })
})
