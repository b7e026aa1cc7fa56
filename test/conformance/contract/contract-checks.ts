import type { WireAnswer } from './broker-wire'
import { TEXTS, type Field, type Format } from './documented-fields'

/** The broker's envelope, as far as every answer has it. */
export interface Envelope {
  readonly type: unknown
  readonly code?: unknown
  readonly description?: unknown
  readonly result?: unknown
}

/** The envelope of an answer, out of the wrappings that some builds put around it. Throws with the answer when there is none. */
export function envelopeOf(answer: WireAnswer): Envelope {
  const body = Array.isArray(answer.body) ? (answer.body as unknown[])[0] : answer.body
  if (isRecord(body)) {
    if (isRecord(body['data']) && 'type' in body['data']) return body['data'] as unknown as Envelope
    if ('type' in body) return body as unknown as Envelope
  }
  throw new Error(`not the broker's envelope: HTTP ${answer.status} ${answer.text.slice(0, 300)}`)
}

/** The result of a success. Throws with code and description of anything else. */
export function resultOf(answer: WireAnswer): unknown {
  const envelope = envelopeOf(answer)
  if (envelope.type === 'success' && answer.status === 200) return envelope.result
  throw new Error(`HTTP ${answer.status} ${JSON.stringify(envelope).slice(0, 500)}`)
}

export interface DocumentedError {
  readonly code?: string | RegExp
  readonly description?: string | RegExp
}

/** An error as documented; HTTP 400, or 200 at the brokers that answer errors so. */
export function expectError(answer: WireAnswer, documented: DocumentedError): Envelope {
  const envelope = envelopeOf(answer)
  expect([200, 400, 401]).toContain(answer.status)
  expect(envelope.type).toBe('error')
  if (documented.code !== undefined) expect(String(envelope.code)).toMatch(documented.code)
  if (documented.description !== undefined) {
    expect(String(envelope.description)).toMatch(documented.description)
  }
  return envelope
}

/** The rows of a book, or an empty list for the error that an empty book is. */
export function rowsOf(answer: WireAnswer, emptyCode: string): readonly Record<string, unknown>[] {
  const envelope = envelopeOf(answer)
  if (envelope.type !== 'success') {
    expectError(answer, { code: new RegExp(`^${emptyCode}$`), description: 'Data Not Available' })
    return []
  }
  const { result } = envelope
  const rows = isRecord(result) ? (result['positionList'] ?? result['PositionList']) : result
  if (!Array.isArray(rows)) throw new Error(`no rows in ${JSON.stringify(envelope).slice(0, 300)}`)
  return rows.map(asRecord)
}

/** Every documented field is there, written as documented, and they stand in the documented order; more fields may stand between. */
export function expectFields(row: Record<string, unknown>, documented: readonly Field[]): void {
  const problems: string[] = []
  const found: string[] = []
  for (const [spelled, format] of documented) {
    const name = spelled.replace('?', '')
    if (!(name in row)) {
      if (name === spelled) problems.push(`${name} is missing`)
      continue
    }
    found.push(name)
    const problem = formatProblem(row[name], format)
    if (problem !== undefined) problems.push(`${name} ${problem}`)
  }
  expect(problems).toEqual([])
  const order = Object.keys(row).filter((name) => found.includes(name))
  expect(order).toEqual(found)
}

function formatProblem(value: unknown, format: Format): string | undefined {
  const shown = JSON.stringify(value)
  switch (format) {
    case 'number':
    case 'boolean':
      return typeof value === format ? undefined : `is ${shown}, not a ${format}`
    case 'object':
      return isRecord(value) ? undefined : `is ${shown}, not an object`
    case 'list':
      return Array.isArray(value) ? undefined : `is ${shown}, not a list`
    default:
      if (typeof value !== 'string') return `is ${shown}, not a text`
      return (TEXTS[format] ?? /^/).test(value) ? undefined : `is ${shown}, not written as ${format}`
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value as an object. Throws when it is none. */
export function asRecord(value: unknown): Record<string, unknown> {
  if (isRecord(value)) return value
  throw new Error(`not an object: ${JSON.stringify(value)?.slice(0, 200)}`)
}

/** The elements of a list. Throws when it is none. */
export function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[]
  throw new Error(`not a list: ${JSON.stringify(value)?.slice(0, 200)}`)
}
