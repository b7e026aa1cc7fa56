import { Module, type DynamicModule } from '@nestjs/common'
import type { Clock, Ids } from '@xts-bridge/contracts'
import { BrokerLoginController, LOGIN_ASKER, PUBLIC_URL } from './broker-login/broker-login.controller'
import { PendingLogins } from './broker-login/pending-logins'
import type { BusAsker } from './bus-asker'
import { IDS, OrdersController } from './orders.controller'
import { PlaceOrder } from './place-order'
import { PlaceSmartOrder } from './place-smart-order'
import { ReadPositionBook } from './read-position-book'
import { ReadQuotes } from './read-quotes'
import { ReadsController } from './reads.controller'

export interface GatewayParts {
  readonly orders: BusAsker
  readonly feed: BusAsker
  readonly ids: Ids
  readonly auth: BusAsker
  readonly clock: Clock
  /** Where a browser reaches this gateway. */
  readonly publicUrl: () => string
}

@Module({})
export class GatewayModule {
  static with({ orders, feed, ids, auth, clock, publicUrl }: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [OrdersController, ReadsController, BrokerLoginController],
      providers: [
        { provide: PlaceOrder, useValue: new PlaceOrder(orders) },
        { provide: PlaceSmartOrder, useValue: new PlaceSmartOrder(orders) },
        { provide: ReadPositionBook, useValue: new ReadPositionBook(orders, feed) },
        { provide: ReadQuotes, useValue: new ReadQuotes(feed) },
        { provide: IDS, useValue: ids },
        { provide: LOGIN_ASKER, useValue: auth },
        { provide: PendingLogins, useValue: new PendingLogins(clock) },
        { provide: PUBLIC_URL, useValue: publicUrl },
      ],
    }
  }
}
