import fc from 'fast-check'
import { toUnits } from '../matching/order-book'
import { isTerminal, type SimOrder } from '../matching/sim-order'
import { action, perform, type Opened } from '../testing/exchange-actions'
import { expectSoundExchange } from '../testing/exchange-soundness'
import { netQuantity } from '../state/position-keeper'
import { account, openExchange, reliance, universe } from '../testing/open-exchange'
import { orderRow, tradeRow } from '../wire/order-rows'
import { DamagedLine, restoreDay, type KeptDay } from './restore-day'
import { resumeDay } from './resume-day'

const TODAY = '2026-11-20'
const CLIENTS = ['SIM0001', 'OTHER']
const below = 1400
const BRACKET = { kind: 'bracket-entry', targetOffset: 20, stopOffset: 10, trailBy: 0 } as const
const COVER = { kind: 'cover-entry', exitOrderId: 7, stopPrice: 1440 } as const

beforeAll(() => jest.useFakeTimers({ now: Date.parse('2026-11-20T05:00:00Z') }))
afterAll(() => jest.useRealTimers())

const restore = (lines: readonly string[], today = TODAY): KeptDay =>
  restoreDay({ lines, today, universe, accounts: [account(1e9)] })

/** Another exchange that takes up the day these lines keep. */
function reopen(lines: readonly string[]): Opened & { kept: KeptDay; orders: SimOrder[] } {
  const opened = openExchange()
  const kept = restore(lines)
  resumeDay(kept, opened)
  return { ...opened, kept, orders: kept.orders.map(({ order }) => order) }
}

/** Everything clients can read, as they read it. */
function books({ ledger, positions }: Pick<Opened, 'ledger' | 'positions'>): string {
  const byClient = CLIENTS.map((client) => ({
    orders: ledger.ordersOf(client).map((order) => order.history.map((state) => orderRow(order, state))),
    current: ledger.ordersOf(client).map((order) => orderRow(order, order.state)),
    trades: ledger.tradesOf(client).map(tradeRow),
    positions: positions.ofClient(client),
  }))
  const receipts = ledger.receipts.map(({ order, ...receipt }) => ({ ...receipt, order: order?.appOrderId }))
  return JSON.stringify({ byClient, receipts }, undefined, 1)
}

/** The books of a day of which nothing has moved yet. */
function booksOf(kept: KeptDay): string {
  const { ledger, positions, numbers, exchange } = openExchange()
  resumeDay({ ...kept, orders: kept.orders.map(({ order }) => ({ order, openAsks: [] })) }, {
    ledger, positions, numbers, exchange: Object.assign(exchange, { resume: () => undefined }),
  }) // prettier-ignore
  return books({ ledger, positions })
}

describe('a day that is taken up again', () => {
  it('has the same books, whatever happened in it', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
        const opened = openExchange()
        const orders: SimOrder[] = []
        for (const step of actions) perform(opened, orders, step)
        expect(booksOf(restore(opened.lines))).toBe(books(opened))
      }),
      { numRuns: 100, seed: 20_261_121 },
    )
  })

  it('goes on soundly wherever it was cut, and no number is given twice', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 30 }), fc.nat(), (actions, cut) => {
        const opened = openExchange()
        const orders: SimOrder[] = []
        for (const step of actions) perform(opened, orders, step)
        const again = reopen(opened.lines.slice(0, cut % (opened.lines.length + 1)))
        again.place('BUY', { orderType: 'Market', quantity: 3 })
        again.tasks.runAll()
        expectSoundExchange(again, again.orders)
        expect(again.orders.filter(({ state }) => state.status.startsWith('Pending'))).toEqual([])
        expectNumbersOnce(again)
      }),
      { numRuns: 100, seed: 20_261_122 },
    )
  })

  it('lets a resting order fill, and the position is the sum of both days’ halves', () => {
    const { place, tasks, lines } = openExchange()
    place('BUY', { orderType: 'Market', quantity: 4 })
    place('BUY', { price: below, quantity: 6 })
    tasks.runAll()
    const again = reopen(lines)
    expect(again.orders.map(({ state }) => state.status)).toEqual(['Filled', 'New'])
    expect(again.told).toEqual([])
    again.market.jumpTo(below - 5)
    expect(again.told).toEqual(['trade Filled', 'order Filled', 'position 10'])
  })

  it('lets a stop order wait for its trigger again', () => {
    const { place, tasks, lines } = openExchange()
    place('SELL', { orderType: 'StopMarket', stopPrice: below })
    tasks.runAll()
    const again = reopen(lines)
    expect(again.orders[0]?.state).toMatchObject({ status: 'New', orderType: 'StopMarket' })
    again.market.jumpTo(below - 1)
    expect(again.orders[0]?.state.status).toBe('Filled')
  })

  it('keeps a bracket together: its legs are one another’s limit after the restart too', () => {
    const { place, tasks, market, lines } = openExchange()
    place('BUY', { price: 1450, productType: 'BO' }, 'SIM0001', { link: BRACKET })
    tasks.runAll(4)
    market.jumpTo(1445)
    tasks.runAll(8)
    const again = reopen(lines)
    expect(again.orders.map(({ link }) => link?.kind)).toEqual([
      'bracket-entry',
      'bracket-stop',
      'bracket-target',
    ])
    again.market.jumpTo(1475)
    again.tasks.runAll(8)
    expect(again.orders.map(({ state }) => state.status)).toEqual(['Filled', 'Cancelled', 'Filled'])
    expect(again.exchange.links.isAlive(again.orders[0] as SimOrder)).toBe(false)
  })

  it('makes the legs of an entry whose fill was the last thing before the end', () => {
    const { exchange, place, tasks, lines } = openExchange()
    const entry = place('BUY', { price: 1450, productType: 'CO' }, 'SIM0001', { link: COVER })
    tasks.runAll(4)
    exchange.filled(entry, 1450, 10)
    const upToTheFill = lines.filter((line) => !line.includes('"kind":"made"'))
    expect(upToTheFill).toHaveLength(lines.length - 1)
    const again = reopen(upToTheFill)
    again.tasks.runAll(8)
    const exit = again.ledger.find(COVER.exitOrderId)
    expect(exit?.state).toMatchObject({
      status: 'New',
      orderType: 'StopMarket',
      stopPrice: 1440,
      quantity: 10,
    })
  })

  it('keeps a conversion: the products hold what they held', () => {
    const { exchange, place, tasks, positions, lines } = openExchange()
    const { account: owner } = place('BUY', { orderType: 'Market' })
    tasks.runAll()
    exchange.convert({
      account: owner, clientCode: 'SIM0001', instrument: reliance, fromProduct: 'MIS', toProduct: 'CNC',
      isDayWise: true, quantity: 4,
    }) // prettier-ignore
    const held = (opened: Pick<Opened, 'positions'>): unknown[] =>
      opened.positions.ofClient('SIM0001').map((each) => [each.productType, netQuantity(each)])
    expect(held(reopen(lines))).toEqual([
      ['MIS', 6],
      ['CNC', 4],
    ])
    expect(held({ positions })).toEqual([
      ['MIS', 6],
      ['CNC', 4],
    ])
  })

  it('keeps the place of an order that only became smaller', () => {
    const { exchange, place, tasks, lines } = openExchange()
    const first = place('BUY', { price: below })
    const second = place('BUY', { price: below })
    tasks.runAll()
    exchange.modify(first, { ...first.state, quantity: 5 }, undefined)
    tasks.runAll()
    const { matches } = reopen(lines).market.book.take('SELL', 1e9, toUnits(below))
    const hit = matches.flatMap(({ maker }) => (maker.order ? [maker.order.appOrderId] : []))
    expect(hit).toEqual([first.appOrderId, second.appOrderId])
  })

  it('keeps who came first at a price', () => {
    const { exchange, place, tasks, lines } = openExchange()
    const first = place('BUY', { price: below })
    const second = place('BUY', { price: below })
    tasks.runAll()
    exchange.modify(first, { ...first.state, quantity: 20 }, undefined)
    tasks.runAll()
    const { matches } = reopen(lines).market.book.take('SELL', 1e9, toUnits(below))
    const hit = matches.flatMap(({ maker }) => (maker.order ? [maker.order.appOrderId] : []))
    expect(hit).toEqual([second.appOrderId, first.appOrderId])
  })

  it('goes on at the price of the last fill or jump', () => {
    const { market, record, place, tasks, lines } = openExchange()
    record.priceJumped(reliance, 1380, Date.now())
    market.jumpTo(1380)
    expect(reopen(lines).market.tape.lastPrice).toBe(1380)
    place('BUY', { orderType: 'Market', quantity: 1 })
    tasks.runAll()
    expect(reopen(lines).market.tape.lastPrice).toBe(market.tape.lastPrice)
    expect(market.tape.lastPrice).not.toBe(1380)
  })

  it.each([
    ['a cancellation', 'Cancelled', (opened: Opened, order: SimOrder) => opened.exchange.cancel(order)],
    [
      'a modification',
      'Replaced',
      (opened: Opened, order: SimOrder) =>
        opened.exchange.modify(order, { ...order.state, quantity: 7 }, 'tag2'),
    ],
  ])('carries out %s that was accepted before the end, once', (_, status, ask) => {
    const opened = openExchange()
    const order = opened.place('BUY', { price: below })
    opened.tasks.runAll()
    ask(opened, order)
    const again = reopen(opened.lines)
    again.tasks.runAll()
    expect(again.orders[0]?.state.status).toBe(status)
    const third = reopen([...opened.lines, ...again.lines])
    third.tasks.runAll()
    expect(third.told).toEqual([])
  })

  it('confirms an order that was only acknowledged', () => {
    const { place, lines } = openExchange()
    place('BUY', { price: below })
    const again = reopen(lines)
    expect(again.orders[0]?.state.status).toBe('PendingNew')
    again.tasks.runAll()
    expect(again.orders[0]?.state.status).toBe('New')
  })

  it('remembers what was refused with its answer', () => {
    const { record } = openExchange()
    const lines: string[] = []
    const receipt = { tag: 't', receivedAtMs: Date.now(), userId: 'SIM0001', order: undefined, refusal: 'no' }
    Object.assign(record, { write: (line: unknown) => lines.push(JSON.stringify(line)) })
    record.received(receipt)
    expect(restore(lines).receipts).toEqual([receipt])
  })

  it('drops what was received on another day, with everything that followed of it', () => {
    const { place, tasks, record, lines } = openExchange()
    place('BUY', { orderType: 'Market' })
    tasks.runAll()
    record.priceJumped(reliance, 1380, Date.now())
    expect(restore(lines, '2026-11-21')).toMatchObject({
      orders: [], receipts: [], positionChanges: [], lastPrices: [], lines: [], droppedLines: 4,
    }) // prettier-ignore
  })

  it('does not drop today’s lines among those of yesterday', () => {
    const yesterday = openExchange()
    yesterday.place('BUY', { price: below })
    yesterday.tasks.runAll()
    const lines = yesterday.lines.map((line) =>
      line.replaceAll(String(Date.now()), String(Date.now() - 864e5)),
    )
    jest.advanceTimersByTime(60_000)
    const { place, lines: todays } = openExchange()
    const order = place('BUY', { price: below })
    const between = [lines[0] ?? '', todays[0] ?? '', ...lines.slice(1)]
    // One series of numbers gives no AppOrderID twice; two exchanges of a test do.
    const renumbered = between.map((line, at) =>
      at === 1 ? line : line.replaceAll(String(order.appOrderId), '7'),
    )
    const kept = restore(renumbered)
    expect(kept.lines).toEqual(todays)
    expect(kept.droppedLines).toBe(2)
  })
})

function expectNumbersOnce({ ledger }: Opened): void {
  const orders = CLIENTS.flatMap((client) => ledger.ordersOf(client))
  const trades = CLIENTS.flatMap((client) => ledger.tradesOf(client))
  const confirmed = orders.filter(({ state }) => state.exchangeOrderId !== '')
  expectAllDifferent(orders.map(({ appOrderId }) => appOrderId))
  expectAllDifferent(confirmed.map(({ state }) => state.exchangeOrderId))
  expectAllDifferent(trades.map(({ executionId }) => executionId))
  const states = orders.flatMap(({ history }) => history.map(({ sequence }) => sequence))
  expectAllDifferent([...states, ...trades.map(({ sequence }) => sequence)])
}

const expectAllDifferent = (values: readonly unknown[]): void =>
  expect(new Set(values).size).toBe(values.length)

describe('a day that is damaged', () => {
  const written = (): string[] => {
    const { place, tasks, lines } = openExchange()
    place('BUY', { orderType: 'Market' })
    tasks.runAll()
    return lines
  }
  const changed = (line: number, change: (text: string) => string): string[] =>
    written().map((text, index) => (index === line - 1 ? change(text) : text))

  it.each<[string, () => string[], number, RegExp]>([
    ['a line that is no JSON', () => changed(2, (text) => text.slice(0, 40)), 2, /JSON/],
    ['an empty line', () => changed(1, () => ''), 1, /JSON/],
    ['a line of zeros', () => changed(3, (text) => '\0'.repeat(text.length)), 3, /JSON/],
    ['a kind it does not know', () => changed(3, (text) => text.replace('filled', 'eaten')), 3, /kind/],
    ['a state nobody knows', () => changed(2, (text) => text.replace('"New"', '"Newish"')), 2, /status/],
    [
      'a missing figure',
      () => changed(3, (text) => text.replace('"quantity":10,"traded', '"traded')),
      3,
      /quantity/,
    ],
    [
      'a figure that is a text',
      () => changed(3, (text) => text.replace('"price":1', '"price":"1" ,"x":1')),
      3,
      /price/,
    ],
    ['a change of an order that was never received', () => written().slice(1), 1, /never received/],
    ['an order received twice', () => [...written(), written()[0] ?? ''], 4, /received before/],
    [
      'an instrument that is not listed',
      () => changed(1, (text) => text.replace('2885', '9')),
      1,
      /9 of NSECM .*universe/,
    ],
  ])('refuses %s, naming the line', (_, lines, lineNumber, why) => {
    let thrown: unknown
    try {
      restore(lines())
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(DamagedLine)
    expect(thrown).toMatchObject({ lineNumber, message: expect.stringMatching(why) as string })
  })

  it('knows nothing that is open of an order that has ended', () => {
    const opened = openExchange()
    const order = opened.place('BUY', { orderType: 'Market' })
    opened.exchange.cancel(order)
    opened.tasks.runAll()
    expect(isTerminal(order.state)).toBe(true)
    expect(restore(opened.lines).orders[0]?.openAsks).toEqual([])
  })
})
