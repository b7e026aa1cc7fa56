import { Router, type Request, type Response } from 'express'
import type { Api, Session } from '../state/session-registry'
import type { Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import type { CallName } from './call-names'
import { areCallsQuiet, replyWithFaults } from '../faults/call-with-faults'
import type { FaultyCall, Reply } from '../faults/fault-kinds'
import { ORDER_CALLS, replyFrom } from '../faults/reply-parts'
import { deliver, type Http } from './deliver'
import { isAnswer } from './order-fields'
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
  const carryOut = (): Reply => toldReply(broker, http, route.call, answerOf(broker, route, { open, known }))
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
  const tooSoon = broker.limiter.refusalOf(known, route.call)
  return tooSoon ?? route.story(broker, { ...open, session: known })
}

/** Says in words when the client did something wrong. An order that was taken is answered after a while. */
function toldReply(broker: Broker, { request }: Http, call: CallName, answer: Answer): Reply {
  const { method, baseUrl, path } = request
  if (answer.why !== undefined) {
    broker.log('request refused', { method, path: baseUrl + path, why: answer.why })
  }
  const isTaken = answer.status === 200 && ORDER_CALLS.includes(call)
  return { ...replyFrom(answer), delayMs: isTaken ? broker.ackDelayMs : 0 }
}
