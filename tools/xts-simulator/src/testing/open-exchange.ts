import { DayRecord } from '../day/day-record'
import { Exchange, type ExchangeListener } from '../matching/exchange'
import type { ExchangeChoices } from '../matching/exchange-choices'
import { TradingSessions } from '../matching/trading-sessions'
import type { OrderSide, OrderTerms, SimOrder } from '../matching/sim-order'
import type { Account } from '../state/account'
import { NumberSeries } from '../state/number-series'
import { OrderLedger } from '../state/order-ledger'
import { netQuantity, PositionKeeper } from '../state/position-keeper'
import type { SimClock } from '../time/sim-clock'
import { generateUniverse } from '../universe/generate-universe'
import type { ListedInstrument } from '../universe/listed-instrument'

export const universe = generateUniverse(5, '2026-11-20', 'small')
export const reliance = universe.find('NSECM', 2885) as ListedInstrument

export const account = (cashRupees: number): Account => ({
  kind: 'retail', userId: 'SIM0001', clientCodes: ['SIM0001'], isAlgoAccount: false, cashRupees,
  interactiveKey: 'k', interactiveSecret: 's', marketKey: 'm', marketSecret: 'n',
}) // prettier-ignore

/** Runs what was put off, in order, when told; the time of day never moves by itself. */
class Tasks implements SimClock {
  private waiting: (() => void)[] = []
  nowMs(): number {
    return Date.now()
  }
  later(_delayMs: number, run: () => void): () => void {
    this.waiting.push(run)
    return () => (this.waiting = this.waiting.filter((task) => task !== run))
  }
  every(): () => void {
    return () => undefined
  }
  close(): void {
    this.waiting = []
  }
  runAll(rounds = 200): void {
    for (let round = 0; this.waiting.length > 0 && round < rounds; round++) {
      const now = this.waiting
      this.waiting = []
      for (const run of now) run()
    }
  }
}

interface ExchangeSetting {
  readonly cashRupees?: number
  /** Default: a clock that stands, on which things happen when `tasks.runAll()` says so. */
  readonly clock?: SimClock
  readonly day?: ExchangeChoices
}

/** What an order may have beside its terms. */
type OrderExtras = Pick<Partial<SimOrder>, 'link' | 'isRms'>

/** An exchange without a network: what it tells is a list of words. */
export function openExchange(o: ExchangeSetting = {}) {
  const told: string[] = []
  /** The day as it is kept. */
  const lines: string[] = []
  const record = new DayRecord((line) => lines.push(JSON.stringify(line)))
  const tasks = new Tasks()
  const clock = o.clock ?? tasks
  const owner = account(o.cashRupees ?? 1e9)
  const positions = new PositionKeeper()
  const ledger = new OrderLedger()
  const numbers = new NumberSeries(1_795_000_000_000)
  const sessions = new TradingSessions(o.day ?? { sessionProfile: 'always-open' }, clock)
  const exchange = new Exchange({
    accounts: [owner], universe, ledger, positions, numbers, clock, sessions, seed: 1, exchangeDelayMs: 1, refillDelayMs: 1,
    listener: listenerOf(record, told),
  }) // prettier-ignore
  const place = (
    side: OrderSide,
    changes: Partial<OrderTerms>,
    clientCode = 'SIM0001',
    extras: OrderExtras = {},
  ): SimOrder => {
    const terms: OrderTerms = {
      orderType: 'Limit', productType: 'MIS', timeInForce: 'DAY', quantity: 10, disclosedQuantity: 0, price: 0, stopPrice: 0,
      ...changes,
    } // prettier-ignore
    const order = exchange.submit({
      account: owner, clientCode, clientIdEcho: clientCode, instrument: reliance, side, apiOrderSource: '', terms,
      tag: 'tag', ...extras,
    }) // prettier-ignore
    const receipt = { tag: 'tag', receivedAtMs: order.receivedAtMs, userId: 'SIM0001', order }
    ledger.addReceipt(receipt)
    record.received(receipt)
    return order
  }
  const market = exchange.market(reliance)
  return { exchange, tasks, told, lines, record, place, positions, ledger, numbers, market, sessions }
}

export type OpenedExchange = ReturnType<typeof openExchange>

function listenerOf(record: DayRecord, told: string[]): ExchangeListener {
  return {
    orderMade: (order) => record.orderMade(order),
    orderChanged: (order, state) => {
      record.orderChanged(order, state)
      told.push(`order ${state.status}`)
    },
    traded: (trade) => {
      record.traded(trade)
      told.push(`trade ${trade.after.status}`)
    },
    changeAsked: (order, ask) => record.changeAsked(order, ask),
    changeSettled: (order, ask) => record.changeSettled(order, ask),
    positionChanged: (position) => told.push(`position ${netQuantity(position)}`),
    positionConverted: (conversion) => {
      record.converted(conversion)
      told.push(`conversion ${conversion.quantity}`)
    },
    tapeMoved: () => undefined,
    sessionChanged: ({ segment, phase }) => told.push(`session ${segment} ${phase}`),
  }
}
