import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { priceRequestSchema } from '../control/move-price'
import { isFaultName } from './catalogue'
import { faultRequestSchema } from './fault-rule'

const milliseconds = z.int().nonnegative().max(86_400_000)
const name = z.string().min(1).max(80)

/** When a step is taken: at a time since the scenario began, or when something was counted, and then after a while. */
const afterSchema = z.union([
  z.strictObject({ orders: z.int().positive() }),
  z.strictObject({ trades: z.int().positive() }),
  z.strictObject({ fault: z.string().refine(isFaultName, 'must be a fault of the catalogue'), happened: z.int().positive() }),
  z.strictObject({ step: name }),
]) // prettier-ignore

const stepSchema = z
  .strictObject({
    name,
    atMs: milliseconds.optional(),
    after: afterSchema.optional(),
    /** Behind `after`. */
    delayMs: milliseconds.default(0),
    /** Faults that are switched on; each can be named, to be cleared by that name later. */
    arm: z
      .array(z.strictObject({ as: name.optional(), fault: faultRequestSchema }))
      .min(1)
      .optional(),
    /** Names given with `as`, or `all`. */
    clear: z.union([z.array(name).min(1), z.literal('all')]).optional(),
    price: z.array(priceRequestSchema).min(1).optional(),
    /** Lets the virtual clock go on; at most an hour, since nothing else has its turn meanwhile. */
    advanceMs: z.int().positive().max(3_600_000).optional(),
  })
  .check(({ value, issues }) => {
    const refuse = (message: string): unknown => issues.push({ code: 'custom', message, input: value })
    if (value.atMs !== undefined && value.after !== undefined) refuse('has both atMs and after')
    if (!value.arm && !value.clear && !value.price && value.advanceMs === undefined)
      refuse('does nothing: it needs arm, clear, price or advanceMs')
  })

const scenarioSchema = z
  .strictObject({ name, about: z.string().optional(), steps: z.array(stepSchema).min(1).max(500) })
  .check(({ value, issues }) => {
    const steps = value.steps.map((step) => step.name)
    const armed = value.steps.flatMap((step) => step.arm?.flatMap(({ as }) => as ?? []) ?? [])
    value.steps.forEach((step, place) => {
      const refuse = (key: string, message: string): unknown =>
        issues.push({ code: 'custom', message, path: ['steps', place, key], input: value })
      if (steps.indexOf(step.name) !== place) refuse('name', `"${step.name}" is the name of two steps`)
      if (step.after && 'step' in step.after && !steps.slice(0, place).includes(step.after.step))
        refuse('after', `there is no earlier step "${step.after.step}"`)
      if (step.clear === undefined || step.clear === 'all') return
      const unknown = step.clear.find((as) => !armed.includes(as))
      if (unknown !== undefined) refuse('clear', `no step arms a fault as "${unknown}"`)
    })
  })

/** Named steps that make a day go wrong in a fixed way. */
export type Scenario = z.output<typeof scenarioSchema>
export type ScenarioStep = Scenario['steps'][number]

/** What is wrong with a scenario, with the path of each thing; the file too, if it came from one. */
export class ScenarioUnreadable extends Error {
  constructor(problem: string, file: string | undefined, cause: unknown) {
    super(`the scenario${file === undefined ? '' : ` ${file}`} cannot be used: ${problem}`, { cause })
    this.name = 'ScenarioUnreadable'
  }
}

/** Reads a scenario file. Throws ScenarioUnreadable. */
export function readScenario(file: string): Scenario {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new ScenarioUnreadable(cause instanceof Error ? cause.message : String(cause), file, cause)
  }
  return parseScenario(json, file)
}

/** Throws ScenarioUnreadable. */
export function parseScenario(json: unknown, file?: string): Scenario {
  const parsed = scenarioSchema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new ScenarioUnreadable(parsed.error.issues.map(describe).join('; '), file, parsed.error)
}

/** `steps[2].arm[0].fault.name: must be …` */
function describe({ path, message }: z.core.$ZodIssue): string {
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')
  return place === '' ? message : `${place.replace(/^\./, '')}: ${message}`
}
