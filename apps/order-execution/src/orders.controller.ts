import { Controller, Inject } from '@nestjs/common'
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices'
import type { BusRequest } from '@xts-bridge/bus'
import type {
  OrderView,
  PlacedOrder,
  PositionView,
  ReplayAnswer,
  SmartOrderAnswer,
} from '@xts-bridge/contracts'
import { OrderCore } from './order-core'

/** What order-execution answers on the bus; each request's story is in its own file. */
@Controller()
export class OrdersController {
  constructor(@Inject(OrderCore) private readonly core: OrderCore) {}

  @MessagePattern('order.place')
  place(@Payload() data: unknown, @Ctx() request: BusRequest): Promise<PlacedOrder> {
    return this.core.placeOrder.place(data, request)
  }

  @MessagePattern('order.smart')
  smart(@Payload() data: unknown, @Ctx() request: BusRequest): Promise<SmartOrderAnswer> {
    return this.core.smartOrders.bringTo(data, request)
  }

  @MessagePattern('order.status')
  status(@Payload() data: unknown, @Ctx() request: BusRequest): OrderView {
    return this.core.readOrder.status(data, request)
  }

  @MessagePattern('order.replay')
  replay(@Payload() data: unknown, @Ctx() request: BusRequest): Promise<ReplayAnswer> {
    return this.core.readOrder.replay(data, request)
  }

  @MessagePattern('book.orders')
  orders(@Payload() data: unknown, @Ctx() request: BusRequest): Promise<readonly OrderView[]> {
    return this.core.readBooks.orders(data, request)
  }

  @MessagePattern('book.positions')
  positions(@Payload() data: unknown): Promise<readonly PositionView[]> {
    return this.core.readBooks.positions(data)
  }
}
