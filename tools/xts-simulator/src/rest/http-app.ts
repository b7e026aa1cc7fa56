import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { requestTime } from '../time/request-time'
import { HTML_ERROR_PAGE } from '../wire/envelopes'
import type { Broker } from './broker'
import { buildRouter } from './build-router'
import { INTERACTIVE_ROUTES } from './interactive-routes'
import { MARKET_ROUTES } from './market-routes'

/** A cluster node's number may stand before the prefix (`/7interactive`), as the host lookup hands it out. */
const INTERACTIVE_PREFIX = /^\/\d*(?:interactive|hostlookup)(?=\/)/
export const MARKET_PREFIXES = ['/apibinarymarketdata', '/apimarketdata'] as const
const LOOKUP_NODE = 7

/** The whole REST face of the broker. */
export function httpApp(broker: Broker): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(express.json({ limit: '2mb', type: ['application/json', 'text/plain'] }))
  app.use(express.urlencoded({ extended: false }))
  app.use(requestTime(broker.clock))
  app.use((_request, response, next) => {
    response.setHeader('access-control-allow-origin', '*')
    next()
  })
  app.post('/hostlookup', (request, response) => {
    response.json(hostLookup(broker, `http://${request.headers.host ?? 'localhost'}`))
  })
  app.use(INTERACTIVE_PREFIX, buildRouter(broker, 'interactive', INTERACTIVE_ROUTES))
  for (const prefix of MARKET_PREFIXES) app.use(prefix, buildRouter(broker, 'market', MARKET_ROUTES))
  app.use((request, response) => {
    broker.log('a client asked for a path this broker does not have', {
      method: request.method,
      path: request.path,
    })
    response.status(404).type('text').send('Unable to connect provided url')
  })
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    answerError(broker, error, request, response)
    void next
  })
  return app
}

/** `type` is a boolean here, unlike everywhere else. */
function hostLookup(broker: Broker, base: string): object {
  return {
    type: true,
    code: 'hostlookup',
    description: 'Hostlookup successful',
    result: {
      uniqueKey: broker.ids.bytes(48).toString('base64'),
      connectionString: `${base}/${LOOKUP_NODE}hostlookup`,
      timeStamp: '0',
      remarks: '',
    },
  }
}

/** A body that is no JSON is the client's fault (400); anything else is ours. Both are pages, never JSON. */
function answerError(broker: Broker, error: unknown, request: Request, response: Response): void {
  const text = error instanceof Error ? error.message : String(error)
  const status = error instanceof Error && 'status' in error && error.status === 400 ? 400 : 500
  broker.log(status === 400 ? 'a client sent a body that cannot be read' : 'the simulator failed', {
    method: request.method,
    path: request.path,
    error: text,
  })
  response.status(status).type('html').send(HTML_ERROR_PAGE)
}
