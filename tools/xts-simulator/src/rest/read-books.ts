import type { Position, PositionBook } from '../state/position-keeper'
import { emptyBook, success, type Answer } from '../wire/envelopes'
import { oldOrderRow, oldTradeRow } from '../wire/old-order-rows'
import { orderRow, tradeRow } from '../wire/order-rows'
import { isInBook, positionRow } from '../wire/position-rows'
import { readBookClient, type BookAnswers } from './book-client'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'
import { isAnswer } from './order-fields'
import type { Call } from './route'

type Row = Record<string, unknown>

/** GET /orders: the day's orders; with appOrderID the states of one, the last being the current. An empty book is an error. */
export function readOrders(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.query, 'query')
  const wantsHistory = fields.optionalText('appOrderID') !== undefined
  const appOrderId = wantsHistory ? fields.number('appOrderID', { isWhole: true }) : 0
  const client = readBookClient(broker, call, fields, orderBookAnswers(broker))
  if (isAnswer(client)) return client
  if (wantsHistory) return orderHistory(broker, appOrderId, client.clientCode)
  const rows = orderRows(broker, client.clientCode)
  return rows.length === 0
    ? orderBookAnswers(broker).empty()
    : success('s-orders-0001', 'Success order book', rows)
}

/** GET /orders/dealerorderbook: the same rows without GeneratedBy. Empty it is a success. */
export function readDealerOrders(broker: Broker, call: Call): Answer {
  const answerWith = (rows: Row[]): Answer => success('s-orders-0001', 'Success order book', rows)
  const client = readBookClient(broker, call, new FieldReader(call.query, 'query'), {
    notMappedCode: 'e-trade-00002',
    empty: () => answerWith([]),
    isDealerBook: true,
  })
  if (isAnswer(client)) return client
  return answerWith(orderRows(broker, client.clientCode).map(withoutGenerator))
}

const orderBookAnswers = (broker: Broker): BookAnswers => ({
  notMappedCode: 'e-trade-00002',
  empty: () => emptyAnswer(broker, 'e-orders-0005', success('s-orders-0001', 'Success order book', [])),
})

function orderRows(broker: Broker, clientCode: string): Row[] {
  const row = broker.choices.orderRows === '2020' ? oldOrderRow : orderRow
  return broker.ledger.ordersOf(clientCode).map((order) => row(order, order.state))
}

/** A fresh order's history may not be there yet, whatever the order book shows. */
function orderHistory(broker: Broker, appOrderId: number, clientCode: string): Answer {
  const order = broker.ledger.find(appOrderId)
  const readyAtMs = (order?.receivedAtMs ?? 0) + broker.choices.historyDelayMs
  if (order?.clientCode !== clientCode || broker.clock.nowMs() < readyAtMs) return emptyBook('e-orders-0001')
  const row = broker.choices.orderRows === '2020' ? oldOrderRow : orderRow
  return success(
    's-orders-0001',
    'Success order history',
    order.history.map((state) => row(order, state)),
  )
}

/** GET /orders/trades: one row for each fill. */
export function readTrades(broker: Broker, call: Call): Answer {
  const answerWith = (rows: Row[]): Answer => success('s-orders-0001', 'Success trade book', rows)
  const empty = (): Answer => emptyAnswer(broker, 'e-tradeBook-0005', answerWith([]))
  const fields = new FieldReader(call.query, 'query')
  const client = readBookClient(broker, call, fields, { notMappedCode: 'e-trade-00002', empty })
  if (isAnswer(client)) return client
  const rows = tradeRows(broker, client.clientCode)
  return rows.length === 0 ? empty() : answerWith(rows)
}

/** GET /orders/dealertradebook has a code of its own, and is a success when it is empty. */
export function readDealerTrades(broker: Broker, call: Call): Answer {
  const answerWith = (rows: Row[]): Answer => success('s-dealertrade-0001', 'Success trade book', rows)
  const client = readBookClient(broker, call, new FieldReader(call.query, 'query'), {
    notMappedCode: 'e-trade-00002',
    empty: () => answerWith([]),
    isDealerBook: true,
  })
  if (isAnswer(client)) return client
  return answerWith(tradeRows(broker, client.clientCode).map(withoutGenerator))
}

function tradeRows(broker: Broker, clientCode: string): Row[] {
  const row = broker.choices.orderRows === '2020' ? oldTradeRow : tradeRow
  return broker.ledger.tradesOf(clientCode).map(row)
}

function withoutGenerator(row: Row): Row {
  const { GeneratedBy, ...rest } = row
  void GeneratedBy
  return rest
}

/** GET /portfolio/positions: today's trades, or with `NetWise` what was carried over as well. */
export function readPositions(broker: Broker, call: Call): Answer {
  const empty = (): Answer => emptyAnswer(broker, 'e-portfolio-0005', positionsAnswer(broker, []))
  return positionsOf(broker, call, { notMappedCode: 'e-portfolio-00005', empty })
}

/** GET /portfolio/dealerpositions: the same rows; empty it is a success. */
export function readDealerPositions(broker: Broker, call: Call): Answer {
  const empty = (): Answer => positionsAnswer(broker, [])
  return positionsOf(broker, call, { notMappedCode: 'e-portfolio-00005', empty, isDealerBook: true })
}

function positionsOf(broker: Broker, call: Call, answers: BookAnswers): Answer {
  const fields = new FieldReader(call.query, 'query')
  const book = fields.choice('dayOrNet', ['DayWise', 'NetWise'])
  const client = readBookClient(broker, call, fields, answers)
  if (isAnswer(client)) return client
  const positions = broker.positions
    .ofClient(client.clientCode)
    .filter((position) => isInBook(position, book))
  if (positions.length === 0) return answers.empty()
  return positionsAnswer(
    broker,
    positions.map((position) => rowOf(broker, position, book)),
  )
}

function rowOf(broker: Broker, position: Position, book: PositionBook): Row {
  const { choices, exchange } = broker
  const lastPrice =
    choices.positionMtm === 'computed' ? exchange.market(position.instrument).tape.lastPrice : 0
  return positionRow({ position, book, style: choices, lastPrice })
}

function positionsAnswer({ choices }: Broker, rows: Row[]): Answer {
  const { positionList } = choices
  return success(
    's-portfolio-0001',
    'Success position',
    positionList === 'array' ? rows : { [positionList]: rows },
  )
}

/** Most gateways call an empty book an error, some a success with nothing in it. */
function emptyAnswer({ choices }: Broker, code: string, listed: Answer): Answer {
  return choices.emptyBooks === 'list' ? listed : emptyBook(code)
}
