import { Router, type Request, type Response } from 'express'
import type { Api, Session } from '../state/session-registry'
import type { Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import type { CallName } from './call-names'
import { mistakesOf, tokenMistake, type Judged } from './client-mistakes'
import { areCallsQuiet, replyWithFaults } from '../faults/call-with-faults'
import type { FaultyCall, Reply } from '../faults/fault-kinds'
import { ORDER_CALLS, replyFrom } from '../faults/reply-parts'
import { deliver, type Http } from './deliver'
import { isAnswer } from './order-fields'
import type { LimitedCall } from './rate-limits'
import type { OpenCall, Route } from './route'
import { checkToken } from './token-check'

/** Everything every call has in common, in one place: token, limits, faults, story, delivery. */
export function buildRouter(broker: Broker, api: Api, routes: readonly Route[]): Router {
  const router = Router()
  for (const route of routes) {
    router[route.method](route.path, (request: Request, response: Response) =>
      handle(broker, { api, route }, { request, response }),
    )
  }
  return router
}

function handle(broker: Broker, at: { api: Api; route: Route }, http: Http): void {
  const { route } = at
  const { request } = http
  const open: OpenCall = {
    body: request.body as unknown,
    query: request.query,
    params: request.params as Readonly<Record<string, string>>,
    headers: request.headers,
    origin: `${request.protocol}://${request.headers.host ?? 'localhost'}`,
  }
  const known = checkToken(broker, at.api, request.headers.authorization)
  const session = isAnswer(known) ? undefined : known
  const carryOut = (): Reply => {
    const answer = answerOf(broker, route, { open, known })
    tellMistakes(broker, http.request, {
      ...open,
      api: at.api,
      method: request.method,
      session,
      answer,
      wasRead: route.access === 'open' || session !== undefined,
    })
    return replyTo(broker, route.call, answer)
  }
  const call: FaultyCall = { broker, api: at.api, call: route.call, request: open, session }
  deliver(broker, http, areCallsQuiet(broker) ? carryOut() : replyWithFaults(call, carryOut))
}

function answerOf(
  broker: Broker,
  route: Route,
  { open, known }: { readonly open: OpenCall; readonly known: Session | Answer },
): Answer {
  if (route.access === 'open') return route.story(broker, open)
  if (isAnswer(known)) return known
  // The broker's limiter comes after the token check: its refusal proves that the token is good.
  const tooSoon = broker.limiter.refusalOf(known, limitedCall(route.call, open.query))
  return tooSoon ?? route.story(broker, { ...open, session: known })
}

/** A history is asked for at the address of the order book. */
function limitedCall(call: CallName, query: unknown): LimitedCall {
  const isHistory = typeof query === 'object' && query !== null && 'appOrderID' in query
  return call === 'order-book' && isHistory ? 'order-history' : call
}

/** Says in words what the client did wrong. */
function tellMistakes(broker: Broker, { baseUrl, path }: Request, judged: Judged): void {
  const { api, method, headers, answer } = judged
  const place = { method, path: baseUrl + path }
  if (answer.why !== undefined) broker.log('request refused', { ...place, why: answer.why })
  for (const { sentence, facts } of mistakesOf(judged)) broker.log(sentence, { ...place, ...facts })
  const shown = judged.wasRead ? undefined : tokenMistake(broker.sessions, api, headers.authorization)
  if (shown) broker.log(shown.sentence, { ...place, ...shown.facts })
}

/** An order that was taken is answered after a while. */
function replyTo(broker: Broker, call: CallName, answer: Answer): Reply {
  const isTaken = answer.status === 200 && ORDER_CALLS.includes(call)
  return { ...replyFrom(answer), delayMs: isTaken ? broker.ackDelayMs : 0 }
}
