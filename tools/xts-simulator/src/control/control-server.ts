import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { z } from 'zod'
import { armFault } from '../faults/arm-fault'
import { resetDay } from '../faults/forget-day'
import { parseScenario, ScenarioUnreadable } from '../faults/read-scenario'
import { ScenarioSlot } from '../faults/scenario-slot'
import type { Broker } from '../rest/broker'
import { addTapeRoutes } from '../tape/tape-control'
import { addClockRoutes } from '../time/clock-control'
import { jsonOnly } from './json-only'
import { loopbackOnly } from './loopback-only'
import { movePrice, PriceRefused, priceRequestSchema } from './move-price'
import { catalogueReport, faultReport, orderReport, positionReport, sessionReport } from './reports'
import { statusPage } from './status-page'

/** The page carries its own style and script, and calls nobody but this API. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'"

/** The simulator's own door, for tests and people: what the broker received, and how to make it misbehave. */
export function controlApp(broker: Broker, scenarios = new ScenarioSlot(broker)): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(loopbackOnly)
  app.use(jsonOnly)
  app.use(express.json({ limit: '1mb' }))
  app.use((_request, _response, next) => {
    broker.midnight.look()
    next()
  })
  app.get('/', (_request, response) => {
    response.setHeader('content-security-policy', PAGE_POLICY)
    response.type('html').send(statusPage(broker, scenarios.report()))
  })
  app.get('/health', (_request, response) => {
    const { universe } = broker
    const counts = universe.segments.map((segment) => [segment, universe.countOf(segment)] as const)
    response.json({ status: 'ok', instruments: universe.count, segments: Object.fromEntries(counts) })
  })
  addClockRoutes(app, broker.clock)
  addTapeRoutes(app, broker.tape)
  app.get('/orders', (_request, response) => void response.json(orderReport(broker.ledger.receipts)))
  app.get('/sessions', (_request, response) => void response.json({ sessions: sessionReport(broker) }))
  app.get('/positions', (_request, response) => void response.json({ positions: positionReport(broker) }))
  app.post('/price', (request, response) => {
    response.json(movePrice(broker, priceRequestSchema.parse(request.body)))
  })
  app.post('/reset', (request, response) => {
    z.strictObject({}).parse(request.body ?? {})
    response.json(resetDay(broker))
  })
  addFaultRoutes(app, broker)
  addScenarioRoutes(app, scenarios)
  app.use((request, response) => {
    response.status(404).json({ error: `there is no ${request.method} ${request.path} here` })
  })
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    answerError(broker, error, response)
    void next
  })
  return app
}

function addFaultRoutes(app: Express, broker: Broker): void {
  app.get('/faults', (_request, response) => {
    response.json({ ...faultReport(broker), catalogue: catalogueReport() })
  })
  app.post('/faults', (request, response) => {
    const { fault, affected } = armFault(broker, request.body ?? {})
    response.json({ id: fault.id, ...faultReport(broker), ...(affected === undefined ? {} : { affected }) })
  })
  app.delete('/faults', (_request, response) => {
    broker.faults.clear()
    response.json(faultReport(broker))
  })
  app.delete('/faults/:id', (request, response) => {
    if (broker.faults.clear(request.params.id) > 0) response.json(faultReport(broker))
    else response.status(404).json({ error: `no fault ${request.params.id} is in force` })
  })
}

function addScenarioRoutes(app: Express, scenarios: ScenarioSlot): void {
  app.get('/scenario', (_request, response) => void response.json(scenarios.report()))
  app.post('/scenario', (request, response) => {
    scenarios.begin(parseScenario(request.body))
    response.json(scenarios.report())
  })
  app.delete('/scenario', (_request, response) => {
    scenarios.stop()
    response.json(scenarios.report())
  })
}

/** What a caller did wrong is said in words; nothing it sends ends the process. */
function answerError(broker: Broker, error: unknown, response: Response): void {
  const { status, message } = describe(error)
  if (status === 500) broker.log('the control API failed', { error: message })
  response.status(status).json({ error: message })
}

function describe(error: unknown): { readonly status: number; readonly message: string } {
  if (error instanceof z.ZodError) return { status: 400, message: z.prettifyError(error) }
  if (error instanceof ScenarioUnreadable) return { status: 400, message: error.message }
  if (error instanceof PriceRefused) return { status: error.status, message: error.message }
  if (error instanceof Error && 'status' in error && typeof error.status === 'number') {
    return { status: error.status, message: `the body cannot be read: ${error.message}` }
  }
  return { status: 500, message: error instanceof Error ? error.message : String(error) }
}
