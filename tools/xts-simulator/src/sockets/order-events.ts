import type { OrderState, SimOrder, SimTrade } from '../matching/sim-order'
import type { TradeConversion } from '../matching/trade-conversion'
import type { Position } from '../state/position-keeper'
import type { SessionRegistry } from '../state/session-registry'
import { orderEvent, tradeEvent } from '../wire/order-event-payloads'
import { positionEvent } from '../wire/position-rows'
import { tradeConversionEvent } from '../wire/trade-conversion-event'

/** Tells the interactive sockets of a login what happens to its orders. Every argument is a JSON text. Nothing is replayed. */
export class OrderEvents {
  constructor(private readonly sessions: () => SessionRegistry) {}

  orderChanged(order: SimOrder, state: OrderState): void {
    this.tell(order.account.userId, 'order', () => orderEvent(order, state))
  }

  traded(trade: SimTrade): void {
    this.tell(trade.order.account.userId, 'trade', () => tradeEvent(trade))
  }

  /** One event for each of the two books. */
  positionChanged(position: Position): void {
    this.tell(position.loginId, 'position', () => positionEvent(position, 'DayWise'))
    this.tell(position.loginId, 'position', () => positionEvent(position, 'NetWise'))
  }

  /** The conversion itself, then both positions in both books. */
  positionConverted(conversion: TradeConversion, positions: readonly Position[]): void {
    this.tell(conversion.account.userId, 'tradeConversion', () => tradeConversionEvent(conversion))
    for (const position of positions) this.positionChanged(position)
  }

  private tell(userId: string, event: string, payload: () => Record<string, unknown>): void {
    let text: string | undefined
    for (const session of this.sessions().live('interactive')) {
      if (session.account.userId !== userId) continue
      for (const socket of session.sockets) {
        text ??= JSON.stringify(payload())
        socket.emit(event, text)
      }
    }
  }
}
