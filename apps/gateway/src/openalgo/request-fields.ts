import type { FieldProblems } from './python-text'

/** One field of a request: how its value is read, and what an absent one means (nothing: it is required). */
export interface Field<T> {
  /** Throws FieldRefused. */
  readonly read: (value: unknown) => T
  readonly absent?: { readonly value: T }
}

type Fields = Readonly<Record<string, Field<unknown>>>
export type Values<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never
}

/** What is wrong with one value, in the words OpenAlgo's users know. */
class FieldRefused extends Error {}

/** A request that breaks its schema, with every problem at once. */
export class FieldsRefused extends Error {
  constructor(readonly problems: FieldProblems) {
    super('the request breaks its schema')
  }
}

/**
 * Reads a request body strictly: every problem is collected, an unknown key is one of them. Behaves like the schemas of
 * OpenAlgo's REST API, where numbers may come as text and text never as a number. Throws FieldsRefused.
 */
export function readFields<F extends Fields>(fields: F, body: unknown): Values<F> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new FieldsRefused(new Map([['_schema', ['Invalid input type.']]]))
  const given = new Map<string, unknown>(Object.entries(body))
  const problems = new Map<string, readonly string[]>()
  const values: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(fields)) {
    try {
      values[name] = readField(field, given, name)
    } catch (error) {
      if (!(error instanceof FieldRefused)) throw error
      problems.set(name, [error.message])
    }
  }
  for (const name of given.keys()) {
    if (!Object.hasOwn(fields, name)) problems.set(name, ['Unknown field.'])
  }
  if (problems.size > 0) throw new FieldsRefused(problems)
  return values as Values<F>
}

function readField(field: Field<unknown>, given: ReadonlyMap<string, unknown>, name: string): unknown {
  if (!given.has(name)) {
    if (field.absent) return field.absent.value
    throw new FieldRefused('Missing data for required field.')
  }
  const value = given.get(name)
  if (value === null) throw new FieldRefused('Field may not be null.')
  return field.read(value)
}

/** The same field, with a value for when it is left out. */
export function optional<T>(field: Field<T>, value: T): Field<T> {
  return { ...field, absent: { value } }
}

/** Text; an empty one passes unless a least length is given. */
export function textField(length?: { readonly min: number; readonly max: number }): Field<string> {
  return {
    read: (value) => {
      if (typeof value !== 'string') throw new FieldRefused('Not a valid string.')
      if (length && (value.length < length.min || value.length > length.max))
        throw new FieldRefused(`Length must be between ${length.min} and ${length.max}.`)
      return value
    },
  }
}

/** One of the given words, in exactly this case. */
export function choiceField<const W extends string>(words: readonly W[]): Field<W> {
  return {
    read: (value) => {
      const text = textField().read(value)
      const word = words.find((candidate) => candidate === text)
      if (word === undefined) throw new FieldRefused(`Must be one of: ${words.join(', ')}.`)
      return word
    },
  }
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i

interface Bound {
  readonly isAllowed: (value: number) => boolean
  readonly otherwise: string
}

/** A number, or the decimal text of one. */
export function numberField(bound?: Bound): Field<number> {
  return {
    read: (value) => {
      const number = toNumber(value)
      if (bound && !bound.isAllowed(number)) throw new FieldRefused(bound.otherwise)
      return number
    },
  }
}

function toNumber(value: unknown): number {
  if (typeof value === 'string' && NOT_FINITE.test(value.trim())) throw notFinite()
  const isText = typeof value === 'string' && DECIMAL.test(value.trim())
  if (!isText && typeof value !== 'number') throw new FieldRefused('Not a valid number.')
  const number = Number(value)
  if (!Number.isFinite(number)) throw notFinite()
  return number
}

function notFinite(): FieldRefused {
  return new FieldRefused('Special numeric values (nan or infinity) are not permitted.')
}

/** A whole number, or the digits of one; text with a decimal point is refused even when nothing follows it. */
export function wholeNumberField(bound: Bound): Field<number> {
  return {
    read: (value) => {
      const isText = typeof value === 'string' && /^[+-]?\d+$/.test(value.trim())
      const number = isText ? Number(value) : value
      if (typeof number !== 'number' || !Number.isSafeInteger(number))
        throw new FieldRefused('Not a valid integer.')
      if (!bound.isAllowed(number)) throw new FieldRefused(bound.otherwise)
      return number
    },
  }
}
