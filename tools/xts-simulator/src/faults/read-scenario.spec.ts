import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseScenario, readScenario } from './read-scenario'

const EXAMPLES = join(__dirname, '..', '..', 'scenarios')
const step = (change: object): object => ({ name: 'one', clear: 'all', ...change })
const problemOf = (steps: readonly object[], more: object = {}): string => {
  try {
    parseScenario({ name: 'test', steps, ...more })
    return 'none'
  } catch (error) {
    return (error as Error).message
  }
}

describe('a scenario file', () => {
  it.each(readdirSync(EXAMPLES))('of the examples is sound: %s', (file) => {
    const scenario = readScenario(join(EXAMPLES, file))
    expect(scenario.steps.length).toBeGreaterThan(1)
    expect(scenario.about?.length).toBeGreaterThan(20)
  })

  it.each([
    ['no steps', [], 'steps: '],
    ['a key it does not know', [step({ at: 5 })], 'steps[0]: Unrecognized key: "at"'],
    ['a step that does nothing', [{ name: 'one' }], 'steps[0]: does nothing'],
    ['both a time and a count', [step({ atMs: 1, after: { orders: 1 } })], 'steps[0]: has both atMs and after'],
    ['two steps of one name', [step({}), step({})], 'steps[1].name: "one" is the name of two steps'],
    ['a step after one that is not before it', [step({ after: { step: 'two' } })], 'steps[0].after: there is no earlier step "two"'],
    ['a fault to clear that nobody arms', [step({ clear: ['x'] })], 'steps[0].clear: no step arms a fault as "x"'],
    ['an unknown fault', [{ name: 'one', arm: [{ fault: { name: 'flood' } }] }], 'steps[0].arm[0].fault.name: must be one of'],
    ['a fault with a wrong parameter', [{ name: 'one', arm: [{ fault: { name: 'half-json', delayMs: 1 } }] }], 'steps[0].arm[0].fault.parameters.delayMs: half-json has no such parameter'],
    ['a price without a token', [{ name: 'one', price: [{ segment: 1, price: 5 }] }], 'steps[0].price[0].token: '],
    ['a time before the beginning', [step({ atMs: -1 })], 'steps[0].atMs: '],
  ])('with %s is refused with the path of it', (_, steps, words) => {
    expect(problemOf(steps)).toContain(words)
  }) // prettier-ignore

  describe('on disk', () => {
    let folder: string
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'scenario-'))))
    afterEach(() => rmSync(folder, { recursive: true }))

    it('that is no JSON or not there is refused with its name', () => {
      const file = join(folder, 'broken.json')
      writeFileSync(file, '{"name": ')
      expect(() => readScenario(file)).toThrow(new RegExp(`the scenario ${file} cannot be used: .*JSON`))
      expect(() => readScenario(join(folder, 'none.json'))).toThrow('no such file')
    })
  })
})
