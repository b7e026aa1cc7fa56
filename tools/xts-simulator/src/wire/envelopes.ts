/** An answer before it is written: HTTP status and JSON body with its keys in the broker's order. */
export interface Answer {
  readonly status: number
  readonly body: unknown
}

export function success(code: string, description: string, result: unknown): Answer {
  return { status: 200, body: { type: 'success', code, description, result } }
}

/** Almost every refusal is HTTP 400. Some have no code at all; then the key is absent. */
export function refusal(code: string | undefined, description: string, result: unknown = {}): Answer {
  return {
    status: 400,
    body: { type: 'error', ...(code === undefined ? {} : { code }), description, result },
  }
}

/** One wrong field, in the shape of the broker's validation library. */
export interface FieldError {
  readonly field: readonly [string]
  readonly location: 'body' | 'query'
  readonly messages: readonly [string]
  readonly types: readonly [string]
}

export function validationFailure(errors: readonly FieldError[]): Answer {
  return refusal('e-property-validation-failed', 'Bad Request', {
    status: 400,
    statusText: 'Bad Request',
    errors,
  })
}

/** What Express shows for a crash: a page, not JSON. */
export const HTML_ERROR_PAGE =
  '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n' +
  '<body>\n<pre>Internal Server Error</pre>\n</body>\n</html>\n'

export const DATA_NOT_AVAILABLE = 'Data Not Available'
export const NOT_MAPPED = 'Supplied client not mapped under dealer'
