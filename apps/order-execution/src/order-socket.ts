import type { Clock } from '@xts-bridge/contracts'
import type { HttpCaller } from '@xts-bridge/http'
import {
  InteractiveSocket,
  type BrokerOrder,
  type BrokerProfile,
  type BrokerTrade,
  type TokenSource,
} from '@xts-bridge/xts'
import type { LogPort, OrderSocketPort } from './ports'

export interface OrderSocketOptions {
  readonly profile: BrokerProfile
  readonly token: TokenSource
  readonly clock: Clock
  readonly log: LogPort
  /** Asks a server that refuses the handshake which Engine.IO it speaks. */
  readonly http?: Pick<HttpCaller, 'call'> | undefined
}

/** What becomes of the socket's events. */
export interface OrderSocketListener {
  reconnected(): void
  orderSeen(order: BrokerOrder): void
  tradeSeen(trade: BrokerTrade): void
  sessionRefused(epoch: number, reason: string): void
}

/** The order socket of the session in force; a new session gets a new connection. */
export class OrderSocket implements OrderSocketPort {
  private socket: InteractiveSocket | undefined
  private listener: OrderSocketListener | undefined
  private joinedAtMs: number | undefined

  constructor(private readonly options: OrderSocketOptions) {}

  get liveSinceMs(): number | undefined {
    return this.joinedAtMs
  }

  /** Opens a connection with the newest token, instead of the one before. */
  async open(listener: OrderSocketListener): Promise<void> {
    this.listener = listener
    await this.close()
    const { profile, token, clock, log, http } = this.options
    this.socket = new InteractiveSocket({
      profile,
      token,
      clock,
      http,
      onJoined: () => {
        this.joinedAtMs = clock.nowMs()
        log.info('order socket joined', { epoch: token()?.epoch })
        this.listener?.reconnected()
      },
      onOrder: (order) => this.listener?.orderSeen(order),
      onTrade: (trade) => this.listener?.tradeSeen(trade),
      onLogout: (reason, epoch) => this.listener?.sessionRefused(epoch, reason),
      onDown: (reason, refusedEpoch) => {
        this.joinedAtMs = undefined
        log.warn('order socket down', { reason })
        if (refusedEpoch !== undefined) this.listener?.sessionRefused(refusedEpoch, reason)
      },
      onStruggling: (attempts, reason) =>
        log.error('order socket does not come up; it is tried on', { attempts, reason }),
      onUnreadable: (event, problem) => log.error('order socket event unreadable', { event, problem }),
    })
    this.socket.start()
  }

  async close(): Promise<void> {
    this.joinedAtMs = undefined
    const socket = this.socket
    this.socket = undefined
    await socket?.close()
  }
}
