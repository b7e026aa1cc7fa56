import { Controller, Inject } from '@nestjs/common'
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices'
import type { BusRequest } from '@xts-bridge/bus'
import type {
  BookedOrder,
  ConvertedPosition,
  FundsView,
  HoldingView,
  NativePositions,
  OpenPosition,
  PositionView,
  TradeView,
} from '@xts-bridge/contracts'
import { OrderCore } from './order-core'

/** What order-execution answers about books and positions; each request's story is in its own file. */
@Controller()
export class BooksController {
  constructor(@Inject(OrderCore) private readonly core: OrderCore) {}

  @MessagePattern('book.orders')
  orders(@Payload() data: unknown, @Ctx() request: BusRequest): Promise<readonly BookedOrder[]> {
    return this.core.books.orders.read(data, request)
  }

  @MessagePattern('book.trades')
  trades(@Payload() data: unknown, @Ctx() request: BusRequest): Promise<readonly TradeView[]> {
    return this.core.books.trades.read(data, request)
  }

  @MessagePattern('book.positions')
  positions(@Payload() data: unknown): Promise<readonly PositionView[] | NativePositions> {
    return this.core.books.positions.read(data)
  }

  @MessagePattern('book.open-position')
  openPosition(@Payload() data: unknown): Promise<OpenPosition> {
    return this.core.books.openPosition.read(data)
  }

  @MessagePattern('book.holdings')
  holdings(@Payload() data: unknown): Promise<readonly HoldingView[]> {
    return this.core.books.holdings.read(data)
  }

  @MessagePattern('book.funds')
  funds(@Payload() data: unknown): Promise<FundsView> {
    return this.core.books.funds.read(data)
  }

  @MessagePattern('position.convert')
  convert(@Payload() data: unknown, @Ctx() request: BusRequest): Promise<ConvertedPosition> {
    return this.core.books.conversion.convert(data, request)
  }
}
