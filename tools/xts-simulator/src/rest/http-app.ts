import { STATUS_CODES } from 'node:http'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { requestTime } from '../time/request-time'
import { errorPage, HTML_ERROR_PAGE } from '../wire/envelopes'
import type { Broker } from './broker'
import { buildRouter } from './build-router'
import { pathMistake } from './client-mistakes'
import { HOST_ROUTES, INTERACTIVE_ROUTES } from './interactive-routes'
import { MARKET_ROUTES } from './market-routes'

/** A cluster node's number may stand before the prefix (`/7interactive`), as the host lookup hands it out. */
const INTERACTIVE_PREFIX = /^\/\d*(?:interactive|hostlookup)(?=\/)/
export const MARKET_PREFIXES = ['/apibinarymarketdata', '/apimarketdata'] as const

const ALL_ROUTES = [...HOST_ROUTES, ...INTERACTIVE_ROUTES, ...MARKET_ROUTES]

/** The whole REST face of the broker. */
export function httpApp(broker: Broker): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(express.json({ limit: '2mb', type: ['application/json', 'text/plain'] }))
  app.use(express.urlencoded({ extended: false }))
  app.use(requestTime(broker.clock))
  app.use((_request, _response, next) => {
    broker.midnight.look()
    next()
  })
  app.use((_request, response, next) => {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', 'content-type, authorization, x-compression')
    response.setHeader('access-control-allow-methods', 'GET, POST, PUT, DELETE')
    next()
  })
  // Browsers ask before they send; without a token, and without a story.
  app.options(/.*/, (_request, response) => void response.status(200).end())
  const interactive = buildRouter(broker, 'interactive', INTERACTIVE_ROUTES)
  app.use(buildRouter(broker, 'interactive', HOST_ROUTES))
  app.use(INTERACTIVE_PREFIX, interactive)
  // A host lookup that answers with a bare host and port means paths without a prefix.
  if (broker.choices.hostLookupAddress === 'bare') app.use(interactive)
  for (const prefix of MARKET_PREFIXES) app.use(prefix, buildRouter(broker, 'market', MARKET_ROUTES))
  app.use((request, response) => {
    const { sentence, facts } = pathMistake(request.method, request.path, ALL_ROUTES)
    broker.log(sentence, facts)
    response.status(404).type('text').send('Unable to connect provided url')
  })
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    answerError(broker, error, request, response)
    void next
  })
  return app
}

/** A body that cannot be read is the client's fault; anything else is ours. Both are pages, never JSON. */
function answerError(broker: Broker, error: unknown, request: Request, response: Response): void {
  const text = error instanceof Error ? error.message : String(error)
  const stated = error instanceof Error && 'status' in error ? Number(error.status) : 500
  const isClients = stated >= 400 && stated < 500
  broker.log(isClients ? 'a client sent a body that cannot be read' : 'the simulator failed', {
    method: request.method,
    path: request.path,
    error: text,
  })
  const status = isClients ? stated : 500
  response
    .status(status)
    .type('html')
    .send(isClients ? errorPage(STATUS_CODES[status] ?? 'Error') : HTML_ERROR_PAGE)
}
