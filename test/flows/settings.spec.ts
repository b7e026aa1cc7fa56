import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const ROOT = join(__dirname, '../..')
const APPS = [
  'auth-service',
  'master-contract',
  'order-execution',
  'streaming-adapter',
  'ws-proxy',
  'gateway',
]

/** Settings of each process, from the compiled programs themselves. */
const settingsOf: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(APPS.map((app) => [app, namesOfApp(app)])),
  simulator: namesOfSimulator(),
}
/** What the supervisor alone reads. */
const OF_THE_SUPERVISOR = ['SIMULATED_PROFILE']
const allSettings = [...new Set([...Object.values(settingsOf).flat(), ...OF_THE_SUPERVISOR])].sort()

/** `NAME=` or `#NAME=` with the value behind it. */
const documented = new Map(
  [...readFileSync(join(ROOT, '.env.example'), 'utf8').matchAll(/^#?([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(
    ([, name = '', value = '']) => [name, value],
  ),
)

describe('the settings', () => {
  it('are found in every program', () => {
    for (const names of Object.values(settingsOf)) expect(names.length).toBeGreaterThan(5)
  })

  it('are all in .env.example, and nothing else is', () => {
    expect([...documented.keys()].sort()).toEqual(allSettings)
  })

  it('have the defaults that .env.example shows', () => {
    const shown = [...documented].filter(([name, value]) => value !== '' && name !== 'XTS_PROFILE')
    for (const [app, schema] of APPS.map((app) => [app, schemaOfApp(app)] as const)) {
      const own = Object.fromEntries(shown.filter(([name]) => name in schema.shape))
      const needed = { JAINAM_INTERACTIVE_API_KEY: 'k', JAINAM_INTERACTIVE_API_SECRET: 's' }
      const market = { JAINAM_MARKET_API_KEY: 'k', JAINAM_MARKET_API_SECRET: 's' }
      const secrets = app === 'auth-service' ? { ...needed, ...market } : {}
      expect(schema.parse({ ...own, ...secrets })).toEqual(schema.parse(secrets))
    }
  })

  it.each(Object.keys(settingsOf))('of %s all reach it through the supervisor', (service) => {
    const { OPEN_SETTINGS, servicesOf } = load<{
      OPEN_SETTINGS: string[]
      servicesOf: (mode: string) => { name: string; secrets: string[] }[]
    }>('tools/launch/src/house-plan.js')
    const secrets = servicesOf('simulator').find(({ name }) => name === service)?.secrets ?? []
    const passed = [...OPEN_SETTINGS, ...secrets]
    expect(settingsOf[service]?.filter((name) => !passed.includes(name))).toEqual([])
  })

  it('have the same other names everywhere', () => {
    const { SETTING_ALIASES } = load<{ SETTING_ALIASES: object }>('tools/launch/src/house-plan.js')
    const aliases = APPS.flatMap((app) => Object.entries<z.ZodType>(schemaOfApp(app).shape)).flatMap(
      ([name, part]) => {
        const others = part.meta()?.['aliases']
        return others === undefined ? [] : [[name, others]]
      },
    )
    expect(Object.fromEntries(aliases)).toEqual(SETTING_ALIASES)
  })

  it('are all in the configuration reference, as the schemas have them', () => {
    const { configurationPage, PAGE } = loadPage()
    // `node tools/launch/configuration-page.cjs` writes it anew.
    expect(readFileSync(join(ROOT, PAGE), 'utf8')).toBe(configurationPage(ROOT))
  })

  it('include no secret among those that every process gets', () => {
    const { OPEN_SETTINGS } = load<{ OPEN_SETTINGS: string[] }>('tools/launch/src/house-plan.js')
    expect(OPEN_SETTINGS.filter((name) => /_(KEY|SECRET)$/.test(name))).toEqual([])
    expect(OPEN_SETTINGS.filter((name) => !allSettings.includes(name))).toEqual([])
  })
})

interface PageWriter {
  readonly PAGE: string
  configurationPage(root: string): string
}

function loadPage(): PageWriter {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a script of the launcher's, not compiled
  return require(join(ROOT, 'tools/launch/configuration-page.cjs')) as PageWriter
}

function load<T>(program: string): T {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the compiled tree, which `npm test` has just built
  return require(join(ROOT, 'dist', program)) as T
}

function schemaOfApp(app: string): z.ZodObject {
  const exported = Object.values(load<Record<string, unknown>>(`apps/${app}/src/settings.js`))
  const schema = exported.find((value): value is z.ZodObject => value instanceof z.ZodObject)
  if (schema === undefined) throw new Error(`${app} exports no settings schema`)
  return schema
}

function namesOfApp(app: string): readonly string[] {
  return Object.keys(schemaOfApp(app).shape)
}

function namesOfSimulator(): readonly string[] {
  const { helpText } = load<{ helpText: () => string }>('tools/xts-simulator/src/config.js')
  return [...helpText().matchAll(/XTS_SIMULATOR_[A-Z_]+/g)].map(([name]) => name)
}
