import {
  InteractiveSocket,
  MarketSocket,
  OrderGovernor,
  XtsAccount,
  XtsInteractive,
  XtsLegOrders,
  XtsMarket,
  XtsMarketLookup,
  type BrokerOrder,
  type BrokerOrderInstruction,
  type BrokerProfile,
  type BrokerTrade,
  type MarketUpdate,
  type XtsToken,
} from '@xts-bridge/xts'
// eslint-disable-next-line @nx/enforce-module-boundaries -- tests may import every room, and the simulator has no alias
import type { FaultName, SimulatorOptions } from '../../../tools/xts-simulator/src/index'
import { ok, RELIANCE, SimulatedBroker, until } from '../simulated-broker'
import { fasterClock } from './faster-clock'

/** Ten seconds of ours are one: the deadline of a call, its retries, and the waits of the sockets. */
const FASTER = 10

export type Api = 'interactive' | 'market'

export interface DeskOptions {
  readonly kind?: 'retail' | 'dealer' | 'pro' | undefined
  readonly profile?: Partial<BrokerProfile> | undefined
  readonly simulator?: SimulatorOptions | undefined
  /** Which sockets are opened and joined before the check; default the interactive one. */
  readonly sockets?: readonly Api[] | undefined
}

/** A fault to switch on; `parameters` and the rest as in FAULTS.md of the simulator. */
export interface FaultRequest {
  readonly name: FaultName
  readonly [field: string]: unknown
}

/** Our side of one broker, complete: both sessions, every client, the sockets, and all that they told. */
export class FaultDesk {
  readonly clock = fasterClock(FASTER)
  readonly orders: BrokerOrder[] = []
  readonly trades: BrokerTrade[] = []
  readonly updates: MarketUpdate[] = []
  readonly unreadable: string[] = []
  /** `joined` and `down: why`, in order. */
  readonly news: Record<Api, string[]> = { interactive: [], market: [] }
  /** Epochs that a socket reported as dead. */
  readonly deadEpochs: Record<Api, number[]> = { interactive: [], market: [] }
  /** What the governor let out in a second after the broker's limiter spoke. */
  readonly slowedTo: number[] = []
  private readonly tokens: Partial<Record<Api, XtsToken>> = {}
  private epochs = 0
  private tagCount = 0
  private parts: Parts | undefined

  private constructor(readonly broker: SimulatedBroker) {}

  static async open(options: DeskOptions = {}): Promise<FaultDesk> {
    const clock = fasterClock(FASTER)
    const surroundings = { simulator: options.simulator, http: { clock, timeoutMs: 10_000 } }
    const { kind = 'retail', profile, sockets = ['interactive'] } = options
    const desk = new FaultDesk(await SimulatedBroker.start(kind, profile, surroundings))
    try {
      await desk.renew('interactive')
      await desk.renew('market')
      for (const api of sockets) desk.sockets[api].start()
      await until(() => sockets.every((api) => desk.sockets[api].isLive))
      return desk
    } catch (error) {
      await desk.close()
      throw error
    }
  }

  get xts(): XtsInteractive {
    return this.built.xts
  }

  get account(): XtsAccount {
    return this.built.account
  }

  get legs(): XtsLegOrders {
    return this.built.legs
  }

  get market(): XtsMarket {
    return this.built.market
  }

  get lookup(): XtsMarketLookup {
    return this.built.lookup
  }

  get sockets(): Record<Api, InteractiveSocket | MarketSocket> {
    return this.built.sockets
  }

  /** Logs in anew, under the next epoch. */
  async renew(api: Api): Promise<void> {
    this.epochs += 1
    const logIn = api === 'interactive' ? this.broker.logInInteractive : this.broker.logInMarket
    this.tokens[api] = await logIn.call(this.broker, this.epochs)
  }

  /** The token in force, as if it were another one: what a program sends that missed a login. */
  useWrongToken(api: Api): void {
    const { [api]: token } = this.tokens
    if (token !== undefined) this.tokens[api] = { ...token, token: `${token.token}x` }
  }

  epochOf(api: Api): number | undefined {
    return this.tokens[api]?.epoch
  }

  fault(fault: FaultRequest): Promise<void> {
    return this.broker.setFault(fault)
  }

  /** An order of three shares at the market, under a tag of its own. */
  order(change: Partial<BrokerOrderInstruction> = {}): BrokerOrderInstruction {
    this.tagCount += 1
    return {
      tag: `tag${String(this.tagCount).padStart(15, '0')}`,
      ...RELIANCE,
      ...{ side: 'BUY', priceType: 'MARKET', product: 'MIS', validity: 'DAY' },
      ...{ quantity: 3, disclosedQuantity: 0, price: 0, triggerPrice: 0 },
      ...change,
    }
  }

  /** The same as a limit that nobody hits. */
  async restingOrder(): Promise<BrokerOrderInstruction> {
    return this.order({ priceType: 'LIMIT', price: Math.floor(await this.lastPrice()) - 20 })
  }

  /** Of the share that `order` buys, in rupees. */
  async lastPrice(): Promise<number> {
    const [quote] = ok(await this.market.quotes([RELIANCE]))
    if (quote?.lastPrice === undefined) throw new Error('no quote')
    return quote.lastPrice
  }

  /** The market of that share jumps. */
  async movePrice(price: number): Promise<void> {
    const response = await fetch(this.broker.controlUrl('/price'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...RELIANCE, price }),
    })
    if (!response.ok) throw new Error(`the price was refused: ${await response.text()}`)
  }

  /** How often the broker was sent this order. */
  async received({ tag }: BrokerOrderInstruction): Promise<number> {
    return (await this.broker.received()).tags[tag] ?? 0
  }

  /** States that the socket told of this order, in its sequence. */
  statesOf({ tag }: BrokerOrderInstruction): readonly string[] {
    return this.orders.filter((seen) => seen.tag === tag).map(({ state }) => state)
  }

  async untilTold(order: BrokerOrderInstruction, state: string): Promise<void> {
    await until(() => this.statesOf(order).includes(state))
  }

  /** The socket is down and joined anew, so often. */
  async untilBack(api: Api, times = 1): Promise<void> {
    await until(() => this.news[api].filter((line) => line === 'joined').length > times)
    await until(() => this.sockets[api].isLive)
  }

  close(): Promise<void> {
    return this.broker.close()
  }

  private get built(): Parts {
    return (this.parts ??= this.build())
  }

  private build(): Parts {
    const { http, profile } = this.broker
    const token = (api: Api) => () => this.tokens[api]
    const governor = new OrderGovernor({
      clock: this.clock,
      ordersPerSecond: 10,
      listener: { onSlowedDown: (ordersPerSecond) => void this.slowedTo.push(ordersPerSecond) },
    })
    const interactive = { http, profile, token: token('interactive'), governor }
    const sockets = {
      interactive: new InteractiveSocket({
        ...this.socketOptions('interactive'),
        onOrder: (seen) => void this.orders.push(seen),
        onTrade: (seen) => void this.trades.push(seen),
      }),
      market: new MarketSocket({
        ...this.socketOptions('market'),
        onUpdate: (update) => void this.updates.push(update),
      }),
    }
    for (const socket of Object.values(sockets)) this.broker.closeFirst(() => socket.close())
    return {
      sockets,
      xts: new XtsInteractive(interactive),
      account: new XtsAccount(interactive),
      legs: new XtsLegOrders(interactive),
      market: new XtsMarket({ http, profile, token: token('market') }),
      lookup: new XtsMarketLookup({ http, profile, token: token('market') }),
    }
  }

  private socketOptions(api: Api) {
    return {
      profile: this.broker.profile,
      clock: this.clock,
      token: () => this.tokens[api],
      onJoined: () => void this.news[api].push('joined'),
      onLogout: (_reason: string, epoch: number) => void this.deadEpochs[api].push(epoch),
      onDown: (reason: string, refusedEpoch?: number) => {
        this.news[api].push(`down: ${reason}`)
        if (refusedEpoch !== undefined) this.deadEpochs[api].push(refusedEpoch)
      },
      onUnreadable: (event: string, problem: string) => void this.unreadable.push(`${event}: ${problem}`),
    }
  }
}

interface Parts {
  readonly xts: XtsInteractive
  readonly account: XtsAccount
  readonly legs: XtsLegOrders
  readonly market: XtsMarket
  readonly lookup: XtsMarketLookup
  readonly sockets: Record<Api, InteractiveSocket | MarketSocket>
}
