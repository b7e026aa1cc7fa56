import type { RequestHandler } from 'express'
import type { SimClock } from './sim-clock'
import { VirtualClock } from './virtual-clock'

/**
 * Virtual time moves by requests: a step before each, so that everything earlier ones caused has happened; and what is
 * due at once happens right behind it, in the same turn, so that nothing depends on when a socket takes its bytes.
 * Mounted behind the body parsers and before the routes.
 */
export function requestTime(clock: SimClock): RequestHandler {
  if (!(clock instanceof VirtualClock)) return (_request, _response, next) => next()
  return (_request, response, next) => {
    clock.advanceBy(clock.stepMs)
    response.setHeader('date', new Date(clock.nowMs()).toUTCString())
    next()
    clock.advanceBy(0)
  }
}
