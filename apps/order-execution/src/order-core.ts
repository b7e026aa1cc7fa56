import type { Clock, Ids } from '@xts-bridge/contracts'
import type { BrokerOrder, BrokerProfile, BrokerTrade, CallLimits } from '@xts-bridge/xts'
import type { BookDifferences } from './book-differences'
import { BookHealth } from './book-health'
import { BookReconciler } from './book-reconciler'
import { Books, type BookStories } from './books'
import { CancelAllOrders } from './cancel-all'
import { CancelOrder } from './cancel-order'
import { ChangeSender, type ChangeSenderOptions } from './change-sender'
import { ClearWorkingOrders } from './clear-working-orders'
import { DryRunOrder } from './dry-run'
import { EvidenceWriter } from './evidence-writer'
import { FirstAnswers } from './first-answers'
import { HouseAccount } from './house-account'
import { ModifyOrder } from './modify-order'
import { OrderLedger } from './order-ledger'
import { OrderSender, type OrderSenderOptions } from './order-sender'
import { filledQuantity } from './order-state'
import { PlaceOrder } from './place-order'
import type {
  AccountPort,
  BrokerPort,
  InstrumentsPort,
  JournalPort,
  LogPort,
  OrderSocketPort,
  PublisherPort,
  QuotesPort,
  SessionPort,
} from './ports'
import { PositionKeeper } from './position-keeper'
import { ProtectMarketOrder } from './protect-market-order'
import { Readiness } from './readiness'
import { ReadOrder } from './read-order'
import { replayJournal } from './replay-journal'
import { SmartOrders } from './smart-order'
import { TargetMailboxes } from './target-mailbox'
import { tradingDay } from './trading-day'
import { UnknownOrderResolver } from './unknown-order-resolver'
import { WithdrawOrder } from './withdraw-order'

export interface OrderCorePorts {
  readonly clock: Clock
  readonly ids: Ids
  readonly journal: JournalPort
  readonly broker: BrokerPort
  readonly account: AccountPort
  readonly publisher: PublisherPort
  readonly instruments: InstrumentsPort
  readonly session: SessionPort
  readonly socket: OrderSocketPort
  readonly log: LogPort
  readonly quotes: QuotesPort
  readonly onSent?: OrderSenderOptions['onSent'] | undefined
  readonly onChangeSent?: ChangeSenderOptions['onSent'] | undefined
}

export interface OrderCoreFacts {
  readonly account: string
  /** HTTP deadline of one call to the broker. */
  readonly httpTimeoutMs: number
  /** Beyond the HTTP deadline, before a book without an order counts against it. */
  readonly absenceMarginMs: number
  /** Longest a smart order waits for evidence. */
  readonly smartWaitMs: number
  readonly isBookVerified: boolean
  readonly marketOrders: BrokerProfile['marketOrders']
  readonly isProtectionForEntries: boolean
  /** The broker's read budgets; one read of each book a second unless given. */
  readonly limits?: CallLimits | undefined
  /** Nothing is sent to the broker; every answer says what would have been. */
  readonly isTestMode: boolean
}

/** The order core without its transports: everything between a parsed bus request and the broker, on ports alone. */
export class OrderCore {
  readonly ledger: OrderLedger
  readonly writer: EvidenceWriter
  readonly readiness: Readiness
  readonly placeOrder: PlaceOrder
  readonly modifyOrder: ModifyOrder
  readonly cancelOrder: CancelOrder
  readonly cancelAll: CancelAllOrders
  readonly dryRun: DryRunOrder
  readonly smartOrders: SmartOrders
  readonly readOrder: ReadOrder
  readonly books: BookStories
  private readonly answers: FirstAnswers
  private readonly differences: BookDifferences
  private readonly reconciler: BookReconciler
  private readonly resolver: UnknownOrderResolver

  constructor(
    private readonly ports: OrderCorePorts,
    facts: OrderCoreFacts,
  ) {
    const knowledge = buildKnowledge(ports, facts)
    const { ledger, writer, answers, books } = knowledge
    const { reconciler, resolver } = buildWatchers(ports, facts, knowledge)
    const readiness = new Readiness(() => ({
      session: ports.session.epoch !== undefined,
      journal: !writer.isBehind,
      book: reconciler.isReconciled,
      instruments: ports.instruments.version !== undefined,
    }))
    const house = new HouseAccount(facts.account)
    const sender = new OrderSender({ ...ports, ...facts, ledger, onUnknown: () => resolver.wake() })
    const { changeSender, withdrawing } = buildChangers(ports, facts, { ledger, reconciler, resolver })
    const protection = new ProtectMarketOrder({
      ...ports,
      marketOrders: facts.marketOrders,
      isForEntries: facts.isProtectionForEntries,
    })
    const stories = { ...ports, protection, house, readiness, answers, ledger, sender }
    this.placeOrder = new PlaceOrder(stories)
    this.readOrder = new ReadOrder({ house, records: ledger.records, journal: ports.journal })
    const { readOrder } = this
    this.modifyOrder = new ModifyOrder({ ...stories, readOrder, changeSender })
    this.cancelOrder = new CancelOrder({ ...stories, readOrder, withdrawing })
    this.cancelAll = new CancelAllOrders({ ...stories, withdrawing })
    this.dryRun = new DryRunOrder(stories)
    this.smartOrders = new SmartOrders({
      ...stories,
      mailboxes: new TargetMailboxes(),
      working: new ClearWorkingOrders({ ...ports, ledger, withdrawing }),
      positions: new PositionKeeper({
        ...ports,
        ledger,
        books: books.reader,
        settledAfterMs: absenceAfterMs(facts),
        askForFills: () => reconciler.now(),
      }),
      waitLimitMs: facts.smartWaitMs,
    })
    this.differences = books.differences
    this.books = books.stories({ house, readOrder: this.readOrder, answers })
    this.ledger = ledger
    this.writer = writer
    this.readiness = readiness
    this.answers = answers
    this.reconciler = reconciler
    this.resolver = resolver
  }

  /** Differences between the broker's books and what is known, since the start of the process. */
  get bookDifferences(): number {
    return this.differences.count
  }

  /** Replays the journal; nothing is answered before. */
  async start(): Promise<void> {
    const { clock, journal, log } = this.ports
    const lost = await replayJournal({ clock, journal, ledger: this.ledger, answers: this.answers })
    const orders = this.ledger.records.all().length
    log.info('journal replayed', { orders, withoutAnswer: lost, lastSeq: journal.lastSeq })
    this.reportOldUnknown()
    this.resolver.wake()
    this.reconciler.now()
  }

  /** The order socket was joined, or there is a new session: what happened meanwhile is in the books. */
  reconnected(): void {
    this.reconciler.now()
    this.resolver.wake()
  }

  /** An event of the order socket. */
  orderSeen(order: BrokerOrder): void {
    this.ledger.seeOrder(order, 'order-socket')
    const { facts } = this.ledger.records.match(order) ?? {}
    if (facts !== undefined && filledQuantity(facts) < facts.reportedFilled) this.reconciler.soon()
  }

  /** An event of the order socket. */
  tradeSeen(trade: BrokerTrade): void {
    if (this.ledger.seeTrade(trade, 'order-socket') === 'orphan') this.reconciler.soon()
  }

  /** Today's books say nothing of them, so only a person can. */
  private reportOldUnknown(): void {
    const { clock, log } = this.ports
    const today = tradingDay(clock.nowMs())
    for (const { orderId, facts, placedAtMs } of this.ledger.unresolved()) {
      if (tradingDay(placedAtMs) === today) continue
      log.error('order of an earlier day stays unknown', { orderId, symbol: facts.order.symbol, placedAtMs })
    }
    for (const { changeId, orderId, change, intendedAtMs } of this.ledger.orderChanges.undecided()) {
      if (tradingDay(intendedAtMs) === today) continue
      log.error('order change of an earlier day stays unknown', { changeId, orderId, change, intendedAtMs })
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.reconciler.close(), this.resolver.close()])
  }
}

interface Knowledge {
  readonly writer: EvidenceWriter
  readonly ledger: OrderLedger
  readonly answers: FirstAnswers
  readonly books: Books
}

function buildKnowledge(ports: OrderCorePorts, facts: OrderCoreFacts): Knowledge {
  const { account } = facts
  const writer = new EvidenceWriter(ports)
  const ledger = new OrderLedger({ ...ports, account, writer })
  const answers = new FirstAnswers({
    ...{ clock: ports.clock, account, writer },
    records: ledger.records,
    changes: ledger.orderChanges,
  })
  const settledAfterMs = absenceAfterMs(facts)
  const books = new Books(ports, { ...facts, settledAfterMs }, { ledger, writer })
  return { writer, ledger, answers, books }
}

function buildWatchers(
  ports: OrderCorePorts,
  facts: OrderCoreFacts,
  { ledger, books, answers }: Knowledge,
): { reconciler: BookReconciler; resolver: UnknownOrderResolver } {
  const hasSession = (): boolean => ports.session.epoch !== undefined
  const health = new BookHealth({ ...ports, records: ledger.records })
  const { memory, positions, differences } = books
  const parts = { ...ports, ledger, books: books.reader, hasSession }
  return {
    reconciler: new BookReconciler({ ...parts, answers, memory, positions, health, differences }),
    resolver: new UnknownOrderResolver({ ...parts, health, absenceAfterMs: absenceAfterMs(facts) }),
  }
}

function buildChangers(
  ports: OrderCorePorts,
  facts: OrderCoreFacts,
  {
    ledger,
    reconciler,
    resolver,
  }: {
    readonly ledger: OrderLedger
    readonly reconciler: BookReconciler
    readonly resolver: UnknownOrderResolver
  },
): { changeSender: ChangeSender; withdrawing: WithdrawOrder } {
  const changeSender = new ChangeSender({
    ...ports,
    ...facts,
    changes: ledger.orderChanges,
    onUndecided: () => resolver.wake(),
    onSent: ports.onChangeSent,
  })
  const askForEvidence = (isUrgent: boolean): void => (isUrgent ? reconciler.now() : reconciler.soon())
  return {
    changeSender,
    withdrawing: new WithdrawOrder({ ...ports, ledger, sender: changeSender, askForEvidence }),
  }
}

/** A call that was cut off may still reach the broker within its deadline, and the book may lag behind that. */
function absenceAfterMs({ httpTimeoutMs, absenceMarginMs }: OrderCoreFacts): number {
  return httpTimeoutMs + absenceMarginMs
}
