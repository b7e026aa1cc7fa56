import { Module, type DynamicModule } from '@nestjs/common'
import type { Ids } from '@xts-bridge/contracts'
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
}

@Module({})
export class GatewayModule {
  static with({ orders, feed, ids }: GatewayParts): DynamicModule {
    return {
      module: GatewayModule,
      controllers: [OrdersController, ReadsController],
      providers: [
        { provide: PlaceOrder, useValue: new PlaceOrder(orders) },
        { provide: PlaceSmartOrder, useValue: new PlaceSmartOrder(orders) },
        { provide: ReadPositionBook, useValue: new ReadPositionBook(orders, feed) },
        { provide: ReadQuotes, useValue: new ReadQuotes(feed) },
        { provide: IDS, useValue: ids },
      ],
    }
  }
}
