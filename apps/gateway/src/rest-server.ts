import 'reflect-metadata'
import type { AddressInfo } from 'node:net'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { portTakenError } from '@xts-bridge/runtime'
import type { NextFunction, Request, Response } from 'express'
import { AnswerErrors } from './answer-errors.filter'
import { GatewayModule, type GatewayParts } from './gateway.module'
import { parseForm, parseJsonBody, requireJson } from './require-json'

export interface RestServerOptions extends Omit<GatewayParts, 'publicUrl'> {
  readonly host: string
  readonly port: number
  /** Where a browser reaches this gateway, when that is not its own address. */
  readonly publicUrl?: string | undefined
  onInternal(error: unknown, path: string): void
  onAnswered(path: string, status: number): void
}

export interface RestServer {
  readonly port: number
  /** Takes no more requests and waits for those under way. */
  close(): Promise<void>
}

/** Starts the REST API. Throws, naming port and setting, when the port is taken. */
export async function startRestServer(options: RestServerOptions): Promise<RestServer> {
  let ownUrl = ''
  const parts = { ...options, publicUrl: () => options.publicUrl ?? ownUrl }
  const app = await NestFactory.create<NestExpressApplication>(GatewayModule.with(parts), {
    logger: false,
    bodyParser: false,
    abortOnError: false,
  })
  app.disable('x-powered-by')
  app.use((request: Request, response: Response, next: NextFunction) => {
    response.once('finish', () => options.onAnswered(request.path, response.statusCode))
    next()
  })
  app.use('/broker', parseForm)
  app.use(parseJsonBody, requireJson)
  app.useGlobalFilters(new AnswerErrors((error, path) => options.onInternal(error, path)))
  try {
    await app.listen(options.port, options.host)
  } catch (cause) {
    await app.close()
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause
    throw portTakenError(options.port, 'GATEWAY_PORT', cause)
  }
  const server = app.getHttpServer()
  const { port } = server.address() as AddressInfo
  ownUrl = `http://${options.host === '0.0.0.0' ? '127.0.0.1' : options.host}:${port}`
  return { port, close: () => app.close() }
}
