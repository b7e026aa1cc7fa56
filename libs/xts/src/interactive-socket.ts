import type { Clock } from '@xts-bridge/contracts'
import type { ConnectionOptions } from './broker-connection'
import { isRecord, parseJson, type XtsRecord } from './fields'
import type { BrokerOrder, BrokerProfile, BrokerTrade, TokenSource, XtsToken } from './model'
import { parseOrderRow } from './order-row'
import { SupervisedSocket } from './supervised-socket'
import { parseTradeRow } from './trade-row'
import { problemOf, quoted, Unreadable } from './unreadable'

export interface InteractiveSocketOptions {
  readonly profile: BrokerProfile
  readonly token: TokenSource
  readonly clock: Clock
  /** Nothing of the time before is sent again: read the books now. */
  readonly onJoined: () => void
  /** An order changed. Comes twice at times, and for orders placed elsewhere too. */
  readonly onOrder: (order: BrokerOrder) => void
  /** One fill. Its order with respect to `onOrder` is not fixed. */
  readonly onTrade: (trade: BrokerTrade) => void
  /** The broker ended the session of this token's epoch: the token is dead. `onDown` follows. */
  readonly onLogout: (reason: string, epoch: number) => void
  /** The connection is lost or was refused; it is tried again by itself. `refusedEpoch` when the broker refused the token. */
  readonly onDown: (reason: string, refusedEpoch?: number) => void
  /** A message that could not be read, or a complaint of the broker's; nothing was made of it. */
  readonly onUnreadable?: ((event: string, problem: string) => void) | undefined
}

/** Positions, conversions and market states are read from the books, so their events are not listened to. */
const EVENTS = ['order', 'trade', 'logout', 'warning']

/** The stream of order and trade events of one login. */
export class InteractiveSocket {
  private readonly socket: SupervisedSocket

  constructor(private readonly options: InteractiveSocketOptions) {
    this.socket = new SupervisedSocket({
      clock: options.clock,
      token: options.token,
      connection: (token) => this.connectionOptions(token),
      onJoined: options.onJoined,
      onEvent: (event, payload) => this.take(event, payload),
      onLogout: options.onLogout,
      onDown: options.onDown,
      onComplaint: (text) => options.onUnreadable?.('error', text),
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

  private connectionOptions(token: XtsToken): ConnectionOptions {
    const { profile } = this.options
    return {
      url: new URL(profile.baseUrl).origin,
      path: `${new URL(profile.baseUrl).pathname.replace(/\/+$/, '')}${profile.interactivePrefix}/socket.io`,
      // Without apiType the broker says joined and cuts the connection ten seconds later.
      query: { token: token.token, userID: token.userId, apiType: 'INTERACTIVE' },
      verifyTls: profile.verifyTls,
      events: EVENTS,
    }
  }

  private take(event: string, payload: unknown): void {
    if (event === 'order') this.takeRows(event, payload, (row) => this.options.onOrder(parseOrderRow(row)))
    else if (event === 'trade')
      this.takeRows(event, payload, (row) => this.options.onTrade(parseTradeRow(row)))
    else this.options.onUnreadable?.(event, quoted(payload))
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
