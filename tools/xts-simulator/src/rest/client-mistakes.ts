import type { IncomingHttpHeaders } from 'node:http'
import type { Api, Session, SessionRegistry } from '../state/session-registry'
import { isSegmentName, segmentNamed, SEGMENT_NUMBERS } from '../universe/segments'
import type { Answer } from '../wire/envelopes'
import { namesAskedFor, unreadFields } from './field-reader'

/** One request and how it was answered, as far as a mistake can show in it. */
export interface Judged {
  readonly api: Api
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
  readonly query: unknown
  readonly session: Session | undefined
  readonly answer: Answer
  /** False when the call was turned away before anybody read its fields. */
  readonly wasRead: boolean
}

/** A plain sentence about what a client did, and the facts of this case. Never a token or a key. */
export interface Mistake {
  readonly sentence: string
  readonly facts?: Readonly<Record<string, unknown>>
}

/** What a client did wrong, in words: a broker only says no, or says nothing and behaves otherwise than expected. */
export function mistakesOf(judged: Judged): Mistake[] {
  return [
    ...headerMistakes(judged),
    ...segmentMistakes(judged),
    ...fieldMistakes(judged),
    ...clientMistakes(judged),
    ...answerMistakes(judged),
  ]
}

function headerMistakes({ method, headers, body }: Judged): Mistake[] {
  const mistakes: Mistake[] = []
  if (/^bearer\s/i.test(headers.authorization ?? '')) {
    mistakes.push({ sentence: 'a client wrote Bearer before its token; the header has the bare token' })
  }
  if (!hasFields(body)) return mistakes
  const type = headers['content-type'] ?? ''
  if (type.includes('x-www-form-urlencoded')) {
    mistakes.push({ sentence: 'a client sent a form; bodies are application/json' })
  } else if (!type.includes('json')) {
    mistakes.push({ sentence: 'a client did not say that its body is application/json', facts: { type } })
  }
  if (method === 'GET' || method === 'DELETE') {
    mistakes.push({ sentence: `a client sent a body with a ${method}; such calls have everything in the query`, facts: { fields: Object.keys(body) } }) // prettier-ignore
  }
  return mistakes
}

/** Names in the interactive API, numbers in the market-data API, names in the list of a master. */
function segmentMistakes({ api, body, query }: Judged): Mistake[] {
  if (api === 'interactive') {
    return [body, query].flatMap((source) => numberForName(valueOf(source, 'exchangeSegment')))
  }
  const instruments = valueOf(body, 'instruments')
  const named = Array.isArray(instruments) ? instruments.map((each) => valueOf(each, 'exchangeSegment')) : []
  const listed = valueOf(body, 'exchangeSegmentList')
  const wrongInList = Array.isArray(listed) ? listed.flatMap(numberForName) : []
  const name = named.find(isSegmentName)
  if (name === undefined) return wrongInList.slice(0, 1)
  const facts = { sent: name, number: SEGMENT_NUMBERS[name] }
  return [{ sentence: 'a client named a segment where the market-data API has its number', facts }]
}

function numberForName(sent: unknown): Mistake[] {
  const isNumber = typeof sent === 'number' || (typeof sent === 'string' && /^\d+$/.test(sent))
  if (!isNumber) return []
  const facts = { sent, name: segmentNamed(Number(sent)) }
  return [{ sentence: 'a client sent the number of a segment where its name belongs', facts }]
}

function fieldMistakes({ body, query, method, wasRead, answer }: Judged): Mistake[] {
  if (!wasRead || codeOf(answer) === RATE_LIMITED) return []
  const hasReadableBody = method === 'POST' || method === 'PUT'
  return [...(hasReadableBody ? unknownFields(body, 'body') : []), ...unknownFields(query, 'query')]
}

function unknownFields(source: unknown, place: 'body' | 'query'): Mistake[] {
  const fields = unreadFields(source)
  if (fields.length === 0) return []
  const asked = namesAskedFor(source)
  const meant = fields.flatMap(
    (field) => asked.find((name) => name.toLowerCase() === field.toLowerCase()) ?? [],
  )
  return [{ sentence: 'a client sent fields this broker does not know', facts: { fields, place, ...(meant.length > 0 ? { meant } : {}) } }] // prettier-ignore
}

function clientMistakes({ session, answer }: Judged): Mistake[] {
  if (session === undefined || !answer.why?.includes('"clientID" is required')) return []
  const { kind, clientCodes } = session.account
  const facts = { kind, clientID: kind === 'pro' ? '*****' : clientCodes }
  return [
    { sentence: 'a client did not say whose order or book it means; this login must send clientID', facts },
  ]
}

const RATE_LIMITED = 'e-apirl-0004'

/** Behind the broker's short words. */
const BEHIND_CODE: Readonly<Record<string, string>> = {
  'e-token-0002': 'a client sent no token; it belongs in the header authorization',
  'e-session-0002': 'a client subscribed what its session has already; the whole batch is refused until that is unsubscribed (PUT)',
  'e-session-0004': 'a client subscribed more than one session may hold; the whole batch is refused',
  'e-instrument-0001': 'a client named an instrument this broker does not list; in a subscription the whole batch is refused',
  [RATE_LIMITED]: 'a client called more often than its limit; such a call was not carried out',
  'e-orders-00002': 'a client traded for somebody who is not mapped to this login',
  'e-orders-0002': 'a client sent a market order, or one without price, for an account under the algo rules',
} // prettier-ignore

function answerMistakes({ answer }: Judged): Mistake[] {
  const code = codeOf(answer)
  const sentence = code === undefined ? undefined : BEHIND_CODE[code]
  return sentence === undefined ? [] : [{ sentence }]
}

/** What is wrong with a path this broker does not have: the method, the prefix, or all of it. `routes` are all there are. */
export function pathMistake(
  method: string,
  path: string,
  routes: readonly { method: string; path: string }[],
): Mistake {
  const sentence = 'a client asked for a path this broker does not have'
  const ending = routes.filter((route) => path.toLowerCase().endsWith(route.path.toLowerCase()))
  const methods = ending.map((route) => route.method.toUpperCase())
  if (methods.length === 0) return { sentence, facts: { method, path } }
  const isMethod = !methods.includes(method)
  return { sentence, facts: { method, path, meant: isMethod ? { methods } : { prefix: '/interactive, /apimarketdata or /apibinarymarketdata' } } } // prettier-ignore
}

/** Why a token does not open the door it was shown at, in words; undefined when it does, or there is none. */
export function tokenMistake(
  sessions: SessionRegistry,
  api: Api,
  token: string | undefined,
): Mistake | undefined {
  if (token === undefined || token === '') return undefined
  const session = sessions.all().find((candidate) => candidate.token === token.replace(/^bearer\s+/i, ''))
  if (!session) return { sentence: 'a client showed a token this broker never issued, or forgot long ago' }
  const facts = { issuedFor: session.api, shownAt: api, userId: session.account.userId }
  if (session.api !== api) return { sentence: 'a client showed a token of the other API; each has keys and tokens of its own', facts } // prettier-ignore
  switch (session.state) {
    case 'live':
      return undefined
    case 'replaced':
      return { sentence: 'a client showed a token that a newer login with the same appKey ended', facts }
    case 'logged out':
      return { sentence: 'a client showed a token after it had logged out', facts }
    case 'revoked':
      return { sentence: 'a client showed a token that the broker has revoked', facts }
  }
}

/** Some refusals are wrapped in `data`. */
function codeOf({ body }: Answer): string | undefined {
  const code = valueOf(valueOf(body, 'data') ?? body, 'code')
  return typeof code === 'string' ? code : undefined
}

function valueOf(source: unknown, name: string): unknown {
  return typeof source === 'object' && source !== null ? (source as Record<string, unknown>)[name] : undefined
}

const hasFields = (body: unknown): body is object =>
  typeof body === 'object' && body !== null && Object.keys(body).length > 0
