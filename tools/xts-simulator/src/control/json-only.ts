import type { NextFunction, Request, Response } from 'express'

/** A body that says it is something other than JSON is refused, not taken for an empty one. */
export function jsonOnly(request: Request, response: Response, next: NextFunction): void {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers
  const hasBody = encoding !== undefined || Number(length) > 0
  if (!hasBody || request.is('application/json') !== false) return next()
  response.status(415).json({ error: 'send JSON, with content-type application/json' })
}
