import { Catch, type DynamicModule, type RpcExceptionFilter, type Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { INestMicroservice } from '@nestjs/common'
import { throwError, type Observable } from 'rxjs'
import type { ZmqServer } from './request-server'

/** Hands what a handler threw to ZmqServer as it is; without it Nest turns every AppError into "Internal server error". */
@Catch()
export class KeepThrownError implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error)
  }
}

/**
 * Starts a Nest module whose controllers answer on this server. Throws ENDPOINT_TAKEN or ENDPOINT_NOT_LOCAL.
 * `close()` of what it returns closes the server too.
 */
export async function serveRequests(
  module: Type | DynamicModule,
  server: ZmqServer,
): Promise<INestMicroservice> {
  const app = await NestFactory.createMicroservice(module as Type, {
    strategy: server,
    logger: false,
    abortOnError: false,
  })
  app.useGlobalFilters(new KeepThrownError())
  await app.listen()
  return app
}
