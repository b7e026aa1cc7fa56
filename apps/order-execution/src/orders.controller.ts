import { Controller, Inject } from '@nestjs/common'
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices'
import type { BusRequest } from '@xts-bridge/bus'
import type {
  CancelAllAnswer,
  ChangedOrder,
  DryRun,
  OrderHistory,
  OrderView,
  PlacedOrder,
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

  @MessagePattern('order.modify')
  modify(@Payload() data: unknown, @Ctx() request: BusRequest): Promise<ChangedOrder> {
    return this.core.modifyOrder.modify(data, request)
  }

  @MessagePattern('order.cancel')
  cancel(@Payload() data: unknown, @Ctx() request: BusRequest): Promise<ChangedOrder> {
    return this.core.cancelOrder.cancel(data, request)
  }

  @MessagePattern('order.cancel-all')
  cancelAll(@Payload() data: unknown, @Ctx() request: BusRequest): Promise<CancelAllAnswer> {
    return this.core.cancelAll.cancel(data, request)
  }

  @MessagePattern('order.dry-run')
  dryRun(@Payload() data: unknown, @Ctx() request: BusRequest): Promise<DryRun> {
    return this.core.dryRun.run(data, request)
  }

  @MessagePattern('order.status')
  status(@Payload() data: unknown, @Ctx() request: BusRequest): OrderView {
    return this.core.readOrder.status(data, request)
  }

  @MessagePattern('order.replay')
  replay(@Payload() data: unknown, @Ctx() request: BusRequest): Promise<ReplayAnswer> {
    return this.core.readOrder.replay(data, request)
  }

  @MessagePattern('order.history')
  history(@Payload() data: unknown, @Ctx() request: BusRequest): Promise<OrderHistory> {
    return this.core.books.history.read(data, request)
  }
}
