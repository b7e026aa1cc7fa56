import { Module, type DynamicModule } from '@nestjs/common'
import { WsProxy, type WsProxyOptions } from './ws-proxy'

/** Nest starts and stops the proxy by its lifecycle hooks. */
@Module({})
export class WsProxyModule {
  static of(options: WsProxyOptions): DynamicModule {
    return {
      module: WsProxyModule,
      providers: [{ provide: WsProxy, useFactory: () => new WsProxy(options) }],
    }
  }
}
