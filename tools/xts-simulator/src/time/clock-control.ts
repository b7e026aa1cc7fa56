import type { Express, Request, Response } from 'express'
import { z } from 'zod'
import type { SimClock } from './sim-clock'
import { VirtualClock } from './virtual-clock'

const DAY_MS = 86_400_000
/** Things done before sockets and other requests have their turn, when time goes on by hours at once. */
const THINGS_PER_TURN = 2000

const advanceRequest = z.strictObject({ advanceMs: z.int().min(0).max(DAY_MS) })

/** GET /clock tells the time; POST /clock {advanceMs} lets virtual time go on and answers when everything due has happened. */
export function addClockRoutes(app: Express, clock: SimClock): void {
  app.get('/clock', (_request, response) => {
    response.json(timeOf(clock))
  })
  app.post('/clock', (request, response, next) => {
    advance(clock, request, response).catch(next)
  })
}

async function advance(clock: SimClock, request: Request, response: Response): Promise<void> {
  const parsed = advanceRequest.safeParse(request.body)
  if (!parsed.success) {
    response.status(400).json({ error: z.prettifyError(parsed.error) })
    return
  }
  if (!(clock instanceof VirtualClock)) {
    response
      .status(409)
      .json({ error: 'this simulator keeps the time of the machine; start it with --clock virtual' })
    return
  }
  const untilMs = clock.nowMs() + parsed.data.advanceMs
  while (!clock.advanceUntil(untilMs, THINGS_PER_TURN)) await otherTurns()
  response.json(timeOf(clock))
}

const otherTurns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function timeOf(clock: SimClock): object {
  const nowMs = clock.nowMs()
  const isVirtual = clock instanceof VirtualClock
  const waiting = isVirtual ? { stepMs: clock.stepMs, waiting: clock.waitingCount } : {}
  return { kind: isVirtual ? 'virtual' : 'wall', nowMs, now: inIndia(nowMs), ...waiting }
}

const IST_OFFSET_MS = 19_800_000

/** `2026-11-20T09:15:00.000+05:30` */
const inIndia = (atMs: number): string => new Date(atMs + IST_OFFSET_MS).toISOString().replace('Z', '+05:30')
