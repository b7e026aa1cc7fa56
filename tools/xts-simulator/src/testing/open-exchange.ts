import { DayRecord } from '../day/day-record'
import { Exchange } from '../matching/exchange'
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

/** An exchange without a network: what it tells is a list of words, and time passes when `tasks.runAll()` says so. */
export function openExchange(o: { cashRupees?: number } = {}) {
  const told: string[] = []
  /** The day as it is kept. */
  const lines: string[] = []
  const record = new DayRecord((line) => lines.push(JSON.stringify(line)))
  const tasks = new Tasks()
  const positions = new PositionKeeper()
  const ledger = new OrderLedger()
  const numbers = new NumberSeries(1_795_000_000_000)
  const exchange = new Exchange({
    accounts: [account(o.cashRupees ?? 1e9)], universe, ledger, positions, numbers, clock: tasks, seed: 1,
    sessions: new TradingSessions({ sessionProfile: 'always-open' }, tasks),
    exchangeDelayMs: 1, refillDelayMs: 1,
    listener: {
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
      orderMade: (order) => record.orderMade(order),
      positionConverted: (conversion) => {
        record.converted(conversion)
        told.push(`conversion ${conversion.quantity}`)
      },
      tapeMoved: () => undefined,
      sessionChanged: (change) => told.push(`session ${change.segment} ${change.phase}`),
    },
  }) // prettier-ignore
  const place = (side: OrderSide, changes: Partial<OrderTerms>, clientCode = 'SIM0001'): SimOrder => {
    const terms: OrderTerms = {
      orderType: 'Limit', productType: 'MIS', timeInForce: 'DAY', quantity: 10, disclosedQuantity: 0, price: 0, stopPrice: 0,
      ...changes,
    } // prettier-ignore
    const order = exchange.submit({
      account: account(o.cashRupees ?? 1e9), clientCode, clientIdEcho: clientCode, instrument: reliance, side,
      apiOrderSource: '', terms, tag: 'tag',
    }) // prettier-ignore
    const receipt = { tag: 'tag', receivedAtMs: order.receivedAtMs, userId: 'SIM0001', order }
    ledger.addReceipt(receipt)
    record.received(receipt)
    return order
  }
  const market = exchange.market(reliance)
  return { exchange, tasks, told, lines, record, place, positions, ledger, numbers, market }
}
