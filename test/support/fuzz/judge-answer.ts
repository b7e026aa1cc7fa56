import type { FuzzAnswer, WireRequest } from './fuzz-http'

/** Every status this broker's documents know, but for the error pages of 500. */
const STATUSES = [200, 400, 401, 404, 429]
/** What HTTP itself refuses before any endpoint is asked: bodies too long or in an unknown coding, and wrong headers. */
const HTTP_REFUSALS = [413, 415, 417, 431]
const NO_PATH = 'Unable to connect provided url'

/** What is wrong with an answer of the broker; undefined when it is its envelope or one of its known pages. */
export function brokerProblem(request: WireRequest, answer: FuzzAnswer): string | undefined {
  const { status, text } = answer
  if (status >= 500) return 'a crash'
  if (request.method === 'HEAD' || request.method === 'OPTIONS') return undefined
  if (HTTP_REFUSALS.includes(status)) return isErrorPage(text) ? undefined : 'not the page of a refusal'
  if (!STATUSES.includes(status)) return 'a status no document knows'
  if (status === 404) return text === NO_PATH ? undefined : 'not the page of a path that is not there'
  if (answer.contentType.startsWith('text/html'))
    return isKnownPage(request, answer) ? undefined : 'an unknown page'
  return isEnvelope(readJson(text)) ? undefined : 'no envelope'
}

const isErrorPage = (text: string): boolean => text === '' || text.includes('<title>Error</title>')

/** The browser's login, or the page of a request that cannot be read. */
function isKnownPage(request: WireRequest, { status, text }: FuzzAnswer): boolean {
  if (status === 400) return isErrorPage(text)
  return status === 200 && request.path.includes('/thirdparty')
}

/** The simulator's own door answers JSON, or its status page. */
export function controlProblem(request: WireRequest, answer: FuzzAnswer): string | undefined {
  if (answer.status >= 500) return 'a crash'
  if (request.method === 'HEAD' || request.method === 'OPTIONS') return undefined
  if (answer.status === 404 || answer.contentType.startsWith('text/')) return undefined
  return answer.text === '' || readJson(answer.text) !== undefined ? undefined : 'no JSON'
}

function isEnvelope(body: unknown): boolean {
  if (Array.isArray(body)) return body.length === 1 && isEnvelope(body[0])
  if (typeof body !== 'object' || body === null) return false
  if ('data' in body && !('type' in body)) return isEnvelope(body.data)
  return 'type' in body && ['success', 'error', true].includes(body.type as string) && 'description' in body
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
