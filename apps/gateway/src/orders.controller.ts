import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common'
import type { Ids } from '@xts-bridge/contracts'
import { Refusal } from './openalgo/refusal'
import { PlaceOrder, type OrderAnswer } from './place-order'
import { PlaceSmartOrder, type MatchedAnswer } from './place-smart-order'

export const IDS = Symbol('ids')

/**
 * OpenAlgo's order calls. Success is HTTP 200 exactly; its clients take any other code for an error. A body key that is
 * not in the schema is refused, so our one extension, the caller's own order id, is a header.
 */
@Controller('api/v1')
export class OrdersController {
  constructor(
    @Inject(PlaceOrder) private readonly placeOrder: PlaceOrder,
    @Inject(PlaceSmartOrder) private readonly placeSmartOrder: PlaceSmartOrder,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  @Post('placeorder')
  @HttpCode(200)
  place(@Body() body: unknown, @Headers('x-client-order-id') id?: string): Promise<OrderAnswer> {
    return this.placeOrder.place(body, this.clientOrderId(id))
  }

  @Post('placesmartorder')
  @HttpCode(200)
  placeSmart(
    @Body() body: unknown,
    @Headers('x-client-order-id') id?: string,
  ): Promise<OrderAnswer | MatchedAnswer> {
    return this.placeSmartOrder.place(body, this.clientOrderId(id))
  }

  /** The caller's own id, under which the same order is carried out once; one of ours when they send none. */
  private clientOrderId(asked: string | undefined): string {
    if (asked === undefined) return this.ids.next()
    if (/^[\x21-\x7e]{1,64}$/.test(asked)) return asked
    const message = 'X-Client-Order-Id must be 1 to 64 printable characters without spaces.'
    throw new Refusal(400, { status: 'error', message })
  }
}
