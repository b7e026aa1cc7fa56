import { ERROR_TABLE, type ErrorCode, type ErrorKind } from './error-table'

export type ErrorDetails = Readonly<Record<string, unknown>>

/**
 * The one error class. Kind and sentence come from ERROR_TABLE; `details` fill the sentence and travel with it,
 * so they must never hold a key, a token or a stack trace.
 */
export class AppError extends Error {
  readonly kind: ErrorKind
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: { readonly cause?: unknown }) {
    super(fillSentence(ERROR_TABLE[code].sentence, details), options)
    this.name = 'AppError'
    this.code = code
    this.kind = ERROR_TABLE[code].kind
    this.details = details
  }
}

/** Thrown from a place that cannot be reached when the types hold; a new union member then fails to compile. */
export function assertNever(value: never): never {
  throw new Error(`unreachable case: ${JSON.stringify(value)}`)
}

function fillSentence(sentence: string, details: ErrorDetails): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => describe(details[name]))
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return 'none'
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(describe).join('; ')
  if (typeof value === 'object' && 'message' in value) return String(value.message)
  return JSON.stringify(value)
}
