import type { FieldProblems } from './python-text'

/** Body of every answer that is not a success. */
export interface ErrorBody {
  readonly status: 'error'
  readonly message: string | Readonly<Record<string, readonly string[]>>
  /** Our error code, where there is one. */
  readonly code?: string
  readonly [extra: string]: unknown
}

/** An answer other than HTTP 200, complete: the filter only writes it. */
export class Refusal extends Error {
  constructor(
    readonly httpStatus: number,
    readonly body: ErrorBody,
    options?: { readonly cause?: unknown },
  ) {
    super(typeof body.message === 'string' ? body.message : 'validation failed', options)
  }
}

/** `message` as an object; OpenAlgo's data and account endpoints answer so. */
export function objectOf(problems: FieldProblems): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(problems)
}
