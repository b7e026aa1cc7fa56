import type { NextFunction, Request, Response } from 'express'

const OWN_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/**
 * Lets in only who named this machine: a web page elsewhere can make a browser call here under a name of its own
 * (DNS rebinding) or from its own origin, and would command the simulator.
 */
export function loopbackOnly(request: Request, response: Response, next: NextFunction): void {
  const { host, origin } = request.headers
  if (!isOwn(hostName(host))) {
    response.status(403).json({ error: `this control API answers to localhost only, not to ${String(host)}` })
    return
  }
  if (origin !== undefined && !isOwn(originName(origin))) {
    response.status(403).json({ error: `a page of ${origin} may not use this control API` })
    return
  }
  next()
}

const isOwn = (name: string | undefined): boolean => name !== undefined && OWN_NAMES.includes(name)

const hostName = (host: string | undefined): string | undefined => host?.replace(/:\d+$/, '').toLowerCase()

function originName(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).hostname : undefined
}
