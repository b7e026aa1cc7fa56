import { Module, type DynamicModule } from '@nestjs/common'
import { OrderCore } from './order-core'
import { OrdersController } from './orders.controller'

@Module({})
export class OrdersModule {
  static of(core: OrderCore): DynamicModule {
    return {
      module: OrdersModule,
      controllers: [OrdersController],
      providers: [{ provide: OrderCore, useValue: core }],
    }
  }
}
