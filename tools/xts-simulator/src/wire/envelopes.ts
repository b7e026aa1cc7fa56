import type { Choices } from '../choices'

/** An answer before it is written: HTTP status and JSON body with its keys in the broker's order. */
export interface Answer {
  readonly status: number
  readonly body: unknown
  /** A page in the place of JSON. */
  readonly html?: string | undefined
  /** For the log: what the client did wrong; undefined when it did nothing wrong. */
  readonly why?: string | undefined
}

export function success(code: string, description: string, result: unknown): Answer {
  return { status: 200, body: { type: 'success', code, description, result } }
}

/** Almost every refusal is HTTP 400. Some have no code at all; then the key is absent. */
export function refusal(code: string | undefined, description: string, result: unknown = {}): Answer {
  const body = { type: 'error', ...(code === undefined ? {} : { code }), description, result }
  return { status: 400, body, why: description }
}

/** A refusal as the token check and the limiter write it: without a result. */
export function bareRefusal(code: string, description: string): Answer & { readonly body: object } {
  return { status: 400, body: { type: 'error', code, description }, why: description }
}

/** What is wrong with a token. Some gateways answer it with status 200 or 401. */
export function tokenRefusal(code: string, description: string, status: Choices['tokenErrorStatus']): Answer {
  return { ...bareRefusal(code, description), status }
}

/** Not processed at all. Three envelopes and three statuses were seen for it. */
export function rateLimited(
  description: string,
  { rateLimitShape, rateLimitStatus }: Pick<Choices, 'rateLimitShape' | 'rateLimitStatus'>,
): Answer {
  const { body: data } = bareRefusal('e-apirl-0004', description)
  const bodies = { 'err-data': { err: true, data }, data: { data }, plain: data }
  return { status: rateLimitStatus, body: bodies[rateLimitShape], why: description }
}

/** A page, as a crash of the broker or its browser login answers. */
export function page(status: number, html: string, why?: string): Answer {
  return { status, body: undefined, html, why }
}

/** An empty book is an error to the broker, though nobody did anything wrong. */
export function emptyBook(code: string): Answer {
  return { ...refusal(code, 'Data Not Available'), why: undefined }
}

/** One wrong field, in the shape of the broker's validation library. */
export interface FieldError {
  readonly field: readonly (string | number)[]
  readonly location: 'body' | 'query'
  readonly messages: readonly [string]
  readonly types: readonly [string]
}

export function validationFailure(errors: readonly FieldError[]): Answer {
  const result = { status: 400, statusText: 'Bad Request', errors }
  const answer = refusal('e-property-validation-failed', 'Bad Request', result)
  return { ...answer, why: errors.map((error) => error.messages[0]).join('; ') }
}

/** What Express shows: a page, not JSON. */
export function errorPage(text: string): string {
  return (
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n' +
    `<body>\n<pre>${text}</pre>\n</body>\n</html>\n`
  )
}

/** Its page for a crash. */
export const HTML_ERROR_PAGE = errorPage('Internal Server Error')

export const NOT_MAPPED = 'Supplied client not mapped under dealer'
