import express, { type Express, type Request, type Response } from 'express'
import { z } from 'zod'
import type { SimOrder } from '../matching/sim-order'
import type { Broker } from '../rest/broker'
import type { Receipt } from '../state/order-ledger'
import { addTapeRoutes } from '../tape/tape-control'
import { addClockRoutes } from '../time/clock-control'
import { isSegmentName, segmentNamed, type SegmentName } from '../universe/segments'
import { FAULTS, isFaultName, ORDER_CALLS } from './fault-catalogue'

const faultRequest = z.strictObject({
  name: z.string().refine(isFaultName, { error: `must be one of ${Object.keys(FAULTS).join(', ')}` }),
  count: z.int().positive().default(1),
  call: z.enum(ORDER_CALLS).optional(),
  delayMs: z.int().nonnegative().default(3000),
  api: z.enum(['interactive', 'market']).optional(),
})

const priceRequest = z.strictObject({
  segment: z.union([z.string(), z.number()]),
  token: z.coerce.number().int().positive(),
  price: z.coerce.number().positive(),
})

/** The simulator's own door, for tests and people: what the broker received, and how to make it misbehave. */
export function controlApp(broker: Broker): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(express.json())
  app.get('/health', (_request, response) => {
    const { universe } = broker
    const counts = Object.fromEntries(
      universe.segments.map((segment) => [segment, universe.countOf(segment)]),
    )
    response.json({ status: 'ok', instruments: universe.count, segments: counts })
  })
  addClockRoutes(app, broker.clock)
  addTapeRoutes(app, broker.tape)
  app.get('/orders', (_request, response) => {
    response.json(orderReport(broker.ledger.receipts))
  })
  app.get('/sessions', (_request, response) => {
    response.json({ sessions: sessionReport(broker) })
  })
  app.get('/faults', (_request, response) => {
    response.json({ armed: broker.faults.list(), catalogue: FAULTS })
  })
  app.post('/faults', (request, response) => setFault(broker, request, response))
  app.delete('/faults', (_request, response) => {
    broker.faults.clear()
    response.json({ armed: [] })
  })
  app.post('/price', (request, response) => movePrice(broker, request, response))
  return app
}

function setFault(broker: Broker, request: Request, response: Response): void {
  const parsed = faultRequest.safeParse(request.body)
  if (!parsed.success) return refuse(response, parsed.error)
  const { name, count, call, delayMs, api } = parsed.data
  if (!isFaultName(name)) return
  broker.log('fault set', { fault: name, count, call })
  if (FAULTS[name].point !== 'now') {
    broker.faults.arm({ name, remaining: count, call, delayMs })
    response.json({ armed: broker.faults.list() })
    return
  }
  const affected = name === 'token-revoked' ? broker.sessions.revoke(api) : broker.sessions.dropSockets()
  response.json({ armed: broker.faults.list(), affected })
}

function movePrice(broker: Broker, request: Request, response: Response): void {
  const parsed = priceRequest.safeParse(request.body)
  if (!parsed.success) return refuse(response, parsed.error)
  const { segment, token, price } = parsed.data
  const name = readSegment(segment)
  const instrument = name && broker.universe.find(name, token)
  if (!instrument) {
    response.status(404).json({ error: `no instrument ${token} in segment ${segment}` })
    return
  }
  const { bandLow, bandHigh } = instrument
  if (bandHigh > bandLow && (price > bandHigh || price < bandLow)) {
    response.status(400).json({ error: `${price} is outside the price band ${bandLow} to ${bandHigh}` })
    return
  }
  const market = broker.exchange.market(instrument)
  broker.record.priceJumped(instrument, price, broker.clock.nowMs())
  market.jumpTo(price)
  broker.log('price moved', { segment: name, token, price })
  response.json({ segment: name, token, lastPrice: market.tape.lastPrice })
}

function readSegment(segment: string | number): SegmentName | undefined {
  return isSegmentName(segment) ? segment : segmentNamed(Number(segment))
}

function refuse(response: Response, error: z.ZodError): void {
  response.status(400).json({ error: z.prettifyError(error) })
}

/** Every placement ever received, in order; and per tag how often it came. */
function orderReport(receipts: readonly Receipt[]): object {
  const tags = new Map<string, number>()
  for (const { tag } of receipts) tags.set(tag, (tags.get(tag) ?? 0) + 1)
  return {
    count: receipts.length,
    tags: Object.fromEntries(tags),
    orders: receipts.map((receipt) => ({
      tag: receipt.tag,
      count: tags.get(receipt.tag) ?? 0,
      receivedAtMs: receipt.receivedAtMs,
      userId: receipt.userId,
      ...(receipt.order ? orderFacts(receipt.order) : { status: 'Refused', reason: receipt.refusal }),
    })),
  }
}

function orderFacts(order: SimOrder): object {
  const { state, instrument } = order
  return {
    appOrderId: order.appOrderId,
    status: state.status,
    reason: state.reason,
    clientCode: order.clientCode,
    segment: instrument.segment,
    token: instrument.token,
    side: order.side,
    orderType: state.orderType,
    productType: state.productType,
    quantity: state.quantity,
    filledQuantity: state.filledQuantity,
    averagePrice: state.filledQuantity === 0 ? null : state.filledValue / state.filledQuantity,
  }
}

/** No token is ever shown. */
function sessionReport(broker: Broker): object[] {
  return broker.sessions.all().map((session) => ({
    id: session.id,
    api: session.api,
    userId: session.account.userId,
    state: session.state,
    issuedAtMs: session.issuedAtMs,
    sockets: session.sockets.size,
    subscriptions: session.subscriptions.size,
  }))
}
