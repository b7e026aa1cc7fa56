import { Router, type Request, type Response } from 'express'
import type { Api } from '../state/session-registry'
import type { Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import { deliver, send, type Http } from './deliver'
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
  }
  if (route.access === 'open') return deliver(broker, route.call, http, () => route.story(broker, open))
  const session = checkToken(broker, at.api, request.headers.authorization)
  if (isAnswer(session)) return send(broker, http, session)
  const run = (): Answer => route.story(broker, { ...open, session })
  deliver(broker, route.call, http, run)
}
