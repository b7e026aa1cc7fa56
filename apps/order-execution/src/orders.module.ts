import { Module, type DynamicModule } from '@nestjs/common'
import { BooksController } from './books.controller'
import { OrderCore } from './order-core'
import { OrdersController } from './orders.controller'

@Module({})
export class OrdersModule {
  static of(core: OrderCore): DynamicModule {
    return {
      module: OrdersModule,
      controllers: [OrdersController, BooksController],
      providers: [{ provide: OrderCore, useValue: core }],
    }
  }
}
