import { json, type NextFunction, type Request, type Response } from 'express'
import { Refusal } from './openalgo/refusal'

const BODY_LIMIT = '256kb'

/** Parses JSON bodies. A value that is not an object passes: the endpoint's schema says what is wrong with it. */
export const parseJsonBody = json({ limit: BODY_LIMIT, strict: false })

/** Refuses a POST whose body was not sent as JSON, instead of treating it as empty. */
export function requireJson(request: Request, _response: Response, next: NextFunction): void {
  if (request.method !== 'POST' || request.body !== undefined) return next()
  const message = request.is('application/json')
    ? 'The request body is not valid JSON.'
    : 'Content-Type must be application/json.'
  next(new Refusal(request.is('application/json') ? 400 : 415, { status: 'error', message }))
}
