/** An answer before it is written: HTTP status and JSON body with its keys in the broker's order. */
export interface Answer {
  readonly status: number
  readonly body: unknown
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

/** An empty book is an error to the broker, though nobody did anything wrong. */
export function emptyBook(code: string): Answer {
  return { ...refusal(code, 'Data Not Available'), why: undefined }
}

/** One wrong field, in the shape of the broker's validation library. */
export interface FieldError {
  readonly field: readonly [string]
  readonly location: 'body' | 'query'
  readonly messages: readonly [string]
  readonly types: readonly [string]
}

export function validationFailure(errors: readonly FieldError[]): Answer {
  const result = { status: 400, statusText: 'Bad Request', errors }
  const answer = refusal('e-property-validation-failed', 'Bad Request', result)
  return { ...answer, why: errors.map((error) => error.messages[0]).join('; ') }
}

/** What Express shows for a crash: a page, not JSON. */
export const HTML_ERROR_PAGE =
  '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n' +
  '<body>\n<pre>Internal Server Error</pre>\n</body>\n</html>\n'

export const NOT_MAPPED = 'Supplied client not mapped under dealer'
