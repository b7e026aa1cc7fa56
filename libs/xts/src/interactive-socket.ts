import { brokerSocket, type BrokerSocketOptions } from './broker-socket'
import { isRecord, parseJson, type XtsRecord } from './fields'
import type { BrokerOrder, BrokerTrade } from './model'
import { parseOrderRow } from './order-row'
import type { SupervisedSocket } from './supervised-socket'
import { parseTradeRow } from './trade-row'
import { problemOf, quoted, unreadEvent, Unreadable } from './unreadable'

export interface InteractiveSocketOptions extends BrokerSocketOptions {
  /** An order changed. Comes twice at times, and for orders placed elsewhere too. */
  readonly onOrder: (order: BrokerOrder) => void
  /** One fill. Its order with respect to `onOrder` is not fixed. */
  readonly onTrade: (trade: BrokerTrade) => void
}

const EVENTS = ['order', 'trade', 'logout', 'warning']
/** Events of the login answer's list that say nothing we do not read from the books; any other name is reported. */
const PASSED_OVER = [
  'success', 'position', 'tradeConversion', 'marketStatusUpdate', 'exchangeAdapterState', 'gttOrder', 'gttOrderRejection',
] // prettier-ignore

/** The stream of order and trade events of one login. */
export class InteractiveSocket {
  private readonly socket: SupervisedSocket

  constructor(private readonly options: InteractiveSocketOptions) {
    this.socket = brokerSocket(options, {
      prefix: options.profile.interactivePrefix,
      // Without apiType the broker says joined and cuts the connection ten seconds later.
      query: { apiType: 'INTERACTIVE' },
      events: EVENTS,
      onEvent: (event, payload) => this.take(event, payload),
    })
  }

  /** True from the broker's `joined` until the connection is lost. */
  get isLive(): boolean {
    return this.socket.isLive
  }

  start(): void {
    this.socket.start()
  }

  async close(): Promise<void> {
    this.socket.close()
  }

  private take(event: string, payload: unknown): void {
    if (event === 'order') this.takeRows(event, payload, (row) => this.options.onOrder(parseOrderRow(row)))
    else if (event === 'trade')
      this.takeRows(event, payload, (row) => this.options.onTrade(parseTradeRow(row)))
    else if (!PASSED_OVER.includes(event))
      this.options.onUnreadable?.(event, unreadEvent(EVENTS, event, payload))
  }

  /** One row as JSON text, as some builds send it an object, or a list of either. */
  private takeRows(event: string, payload: unknown, take: (row: XtsRecord) => void): void {
    const parsed = typeof payload === 'string' ? parseJson(payload) : payload
    const rows: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed]
    for (const row of rows) {
      const problem = problemOf(() => {
        if (!isRecord(row)) throw new Unreadable(`it is not a JSON object: ${quoted(payload)}`)
        take(row)
      })
      if (problem !== undefined) this.options.onUnreadable?.(event, problem)
    }
  }
}
