import { z } from 'zod'
import { CALL_NAMES } from '../rest/call-names'
import { segmentName } from './fault-facts'
import type { FaultDefinition, FaultPoint, ParameterValue } from './fault-kinds'
import { FAULT_POINTS } from './fault-kinds'
import { FAULTS, isFaultName, type FaultName } from './catalogue'

const milliseconds = z.int().nonnegative().max(86_400_000)
const call = z.enum(CALL_NAMES)
const api = z.enum(['interactive', 'market'])
const segment = z.union([z.string(), z.int()]).transform((given, context) => {
  const name = segmentName(given)
  if (name !== undefined) return name
  context.addIssue({ code: 'custom', message: 'must be a segment, by name or number' })
  return z.NEVER
})

const matchSchema = z.strictObject({
  api: api.optional(),
  call: call.optional(),
  segment: segment.optional(),
  token: z.coerce.number().int().positive().optional(),
  tag: z.string().optional(),
  tagPrefix: z.string().min(1).optional(),
  clientID: z.string().optional(),
  side: z.enum(['BUY', 'SELL', 'Buy', 'Sell']).optional(),
  product: z.string().min(1).optional(),
  orderType: z.string().min(1).optional(),
  event: z.string().min(1).optional(),
  messageCode: z.int().positive().optional(),
})

/** How a fault is switched on. `call`, `api` and `delayMs` may stand outside `match` and `parameters`. */
export const faultRequestSchema = z
  .strictObject({
    name: z.string().refine(isFaultName, { error: () => `must be one of ${Object.keys(FAULTS).join(', ')}` }),
    /** How often it happens before it is over. */
    count: z.union([z.int().positive(), z.literal('always')]).optional(),
    probability: z.number().gt(0).max(1).default(1),
    nth: z.int().positive().default(1),
    priority: z.int().min(-1000).max(1000).default(0),
    startAfterMs: milliseconds.default(0),
    everyMs: milliseconds.positive().optional(),
    forMs: milliseconds.positive().optional(),
    match: matchSchema.default({}),
    parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).default({}),
    call: call.optional(),
    api: api.optional(),
    delayMs: milliseconds.optional(),
  })
  .transform(({ call: onlyCall, api: onlyApi, delayMs, ...given }, context) => {
    const short = { ...(onlyCall && { call: onlyCall }), ...(onlyApi && { api: onlyApi }) }
    const { name } = given
    const rule = {
      ...given,
      name,
      count: given.count ?? defaultCount(name, given),
      match: { ...given.match, ...short },
      parameters: { ...given.parameters, ...(delayMs !== undefined && { delayMs }) },
    }
    for (const problem of problemsOf(rule)) {
      context.addIssue({ code: 'custom', path: [...problem.path], message: problem.message })
    }
    return { ...rule, parameters: withDefaults(FAULTS[name], rule.parameters) }
  })

/** A repeated action without a count goes on until it is cleared or its time is over. */
function defaultCount(
  name: FaultName,
  given: { readonly everyMs?: number | undefined; readonly forMs?: number | undefined },
): number | 'always' {
  const { count } = FAULTS[name]
  return given.forMs !== undefined || given.everyMs !== undefined ? 'always' : count
}

export type FaultRequest = z.input<typeof faultRequestSchema>
export type FaultRule = z.output<typeof faultRequestSchema>

interface Problem {
  readonly path: readonly string[]
  readonly message: string
}

type Rule = Pick<FaultRule, 'name' | 'match' | 'everyMs' | 'forMs'> & {
  readonly parameters: Readonly<Record<string, ParameterValue>>
}

function problemsOf(rule: Rule): Problem[] {
  const definition: FaultDefinition = FAULTS[rule.name]
  return [...parameterProblems(rule, definition), ...matchProblems(rule, definition), ...timeProblems(rule)]
}

function parameterProblems(rule: Rule, { parameters = {} }: FaultDefinition): Problem[] {
  return Object.entries(rule.parameters).flatMap(([name, given]): Problem[] => {
    const path = ['parameters', name]
    const known = parameters[name]
    if (!known) {
      const names = Object.keys(parameters).join(', ') || 'none'
      return [{ path, message: `${rule.name} has no such parameter; it has: ${names}` }]
    }
    if (typeof known.value !== typeof given) return [{ path, message: `must be a ${typeof known.value}` }]
    return typeof given === 'number' && given < 0 ? [{ path, message: 'must not be negative' }] : []
  })
}

/** A rule that can never be met would be a fault that silently never happens. */
function matchProblems({ name, match }: Rule, definition: FaultDefinition): Problem[] {
  const points = pointsOf(definition)
  const isAt = (wanted: readonly FaultPoint[]): boolean => points.some((point) => wanted.includes(point))
  const { event, call: wantedCall } = match
  const knowsMore = isAt([...CALL_POINTS, ...EVENT_POINTS, ...ORDER_POINTS])
  const onlyApi = knowsMore ? [] : Object.keys(match).filter((key) => key !== 'api')
  const checks: readonly (readonly [isWrong: boolean, key: string, message: string])[] = [
    [event !== undefined && !isAt(EVENT_POINTS), 'event', `${name} does not act on socket events`],
    [
      event !== undefined && definition.events?.test(event) === false,
      'event',
      `${name} acts on other events`,
    ],
    [wantedCall !== undefined && !isAt(CALL_POINTS), 'call', `${name} does not act on REST calls`],
    [
      wantedCall !== undefined && definition.calls?.includes(wantedCall) === false,
      'call',
      `${name} acts on ${definition.calls?.join(', ') ?? ''}`,
    ],
    ...onlyApi.map((key) => [true, key, `${name} can only be matched by api`] as const),
  ]
  return checks.flatMap(([isWrong, key, message]) => (isWrong ? [{ path: ['match', key], message }] : []))
}

const CALL_POINTS: readonly FaultPoint[] = ['request', 'rewrite', 'replace', 'delay']
const EVENT_POINTS: readonly FaultPoint[] = ['packet', 'eventRewrite', 'eventRoute', 'eventDelay']
const ORDER_POINTS: readonly FaultPoint[] = ['confirm', 'cancelled']

function timeProblems({ everyMs, forMs }: Rule): Problem[] {
  return everyMs !== undefined && forMs !== undefined && forMs >= everyMs
    ? [{ path: ['forMs'], message: 'must be shorter than everyMs' }]
    : []
}

/** Where a fault acts, in the order of the points. */
export function pointsOf(definition: FaultDefinition): FaultPoint[] {
  return FAULT_POINTS.filter((point) => definition.at[point] !== undefined)
}

function withDefaults(
  { parameters = {} }: FaultDefinition,
  given: Readonly<Record<string, ParameterValue>>,
): Record<string, ParameterValue> {
  const defaults = Object.fromEntries(Object.entries(parameters).map(([name, { value }]) => [name, value]))
  return { ...defaults, ...given }
}
