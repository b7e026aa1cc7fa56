import { json, urlencoded, type NextFunction, type Request, type Response } from 'express'
import { Refusal } from './openalgo/refusal'

const BODY_LIMIT = '256kb'

/** Parses JSON bodies. A value that is not an object passes: the endpoint's schema says what is wrong with it. */
export const parseJsonBody = json({ limit: BODY_LIMIT, strict: false })

const parseUrlEncoded = urlencoded({ limit: '64kb', extended: false, parameterLimit: 20 })

/** Parses the forms that browsers send to the login pages; a body of no known kind counts as none. */
export function parseForm(request: Request, response: Response, next: NextFunction): void {
  parseUrlEncoded(request, response, (error: unknown) => {
    if (error === undefined) (request as { body?: unknown }).body ??= {}
    next(error)
  })
}

/** Refuses a POST whose body was not sent as JSON, instead of treating it as empty. */
export function requireJson(request: Request, _response: Response, next: NextFunction): void {
  if (request.method !== 'POST' || request.body !== undefined) return next()
  const message = request.is('application/json')
    ? 'The request body is not valid JSON.'
    : 'Content-Type must be application/json.'
  next(new Refusal(request.is('application/json') ? 400 : 415, { status: 'error', message }))
}
