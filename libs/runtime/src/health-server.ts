import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Metrics } from './metrics'

/** Named conditions; the process is ready when all hold. */
export type Readiness = Readonly<Record<string, boolean>>

export interface HealthOptions {
  readonly host: string
  readonly port: number
  /** The setting that changes the port, for the error when it is taken. */
  readonly portSetting: string
  readonly service: string
  readonly metrics: Metrics
  /** The same predicate that guards the service's actions. */
  readonly readiness: () => Readiness
  /** Extra facts for /health/ready, without secrets. */
  readonly describe?: () => Readonly<Record<string, unknown>>
}

/** Serves /health/live, /health/ready (200 or 503, with every condition) and /metrics. */
export class HealthServer {
  private readonly server: Server

  constructor(private readonly options: HealthOptions) {
    this.server = createServer((request, response) => {
      void this.answer(request.url ?? '/', response)
    })
  }

  /** Resolves with the port it listens on. Throws when the port is taken, naming it and its setting. */
  listen(): Promise<number> {
    const { host, port, portSetting } = this.options
    return new Promise((resolve, reject) => {
      this.server.once('error', (cause: NodeJS.ErrnoException) => {
        reject(cause.code === 'EADDRINUSE' ? portTakenError(port, portSetting, cause) : cause)
      })
      this.server.listen(port, host, () => resolve((this.server.address() as AddressInfo).port))
    })
  }

  close(): Promise<void> {
    this.server.closeAllConnections()
    return new Promise((resolve) => {
      this.server.close(() => resolve())
    })
  }

  private async answer(path: string, response: ServerResponse): Promise<void> {
    if (path === '/metrics') {
      response
        .writeHead(200, { 'content-type': 'text/plain; version=0.0.4' })
        .end(await this.options.metrics.text())
      return
    }
    if (path === '/health/live') return sendJson(response, 200, { service: this.options.service, live: true })
    if (path === '/health/ready') return this.answerReady(response)
    sendJson(response, 404, { message: 'Not found', path })
  }

  private answerReady(response: ServerResponse): void {
    const conditions = this.options.readiness()
    const isReady = Object.values(conditions).every(Boolean)
    const facts = this.options.describe?.() ?? {}
    sendJson(response, isReady ? 200 : 503, {
      service: this.options.service,
      ready: isReady,
      conditions,
      ...facts,
    })
  }
}

/** The error for a taken port: it names the port and the setting that moves it. */
export function portTakenError(port: number, portSetting: string, cause: unknown): Error {
  return new Error(
    `Port ${port} is already in use. Stop the program that uses it, or set ${portSetting} to another port.`,
    { cause },
  )
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
