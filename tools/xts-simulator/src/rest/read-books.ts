import { clientOfBook } from '../state/account'
import { marginUsed } from '../state/margin'
import { emptyBook, NOT_MAPPED, refusal, success, validationFailure, type Answer } from '../wire/envelopes'
import { balanceResult, profileResult } from '../wire/account-payloads'
import { orderRow, tradeRow } from '../wire/order-rows'
import { isInBook, positionRow } from '../wire/position-rows'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'
import { isAnswer } from './order-fields'
import type { Call } from './route'

/** GET /orders: the day's orders; with appOrderID the states of one, the last being the current. An empty book is an error. */
export function readOrders(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.query, 'query')
  const wantsHistory = fields.optionalText('appOrderID') !== undefined
  const appOrderId = wantsHistory ? fields.number('appOrderID', { isWhole: true }) : 0
  const clientCode = readClient(call, fields, 'e-orders-00005')
  if (isAnswer(clientCode)) return clientCode
  return wantsHistory ? orderHistory(broker, appOrderId, clientCode.code) : orderBook(broker, clientCode.code)
}

function orderBook(broker: Broker, clientCode: string): Answer {
  const orders = broker.ledger.ordersOf(clientCode)
  if (orders.length === 0) return emptyBook('e-orders-0005')
  return success(
    's-orders-0001',
    'Success order book',
    orders.map((order) => orderRow(order, order.state)),
  )
}

function orderHistory(broker: Broker, appOrderId: number, clientCode: string): Answer {
  const order = broker.ledger.find(appOrderId)
  if (order?.clientCode !== clientCode) return emptyBook('e-orders-0001')
  return success(
    's-orders-0001',
    'Success order history',
    order.history.map((state) => orderRow(order, state)),
  )
}

export function readTrades(broker: Broker, call: Call): Answer {
  const clientCode = readClient(call, new FieldReader(call.query, 'query'), 'e-trade-00002')
  if (isAnswer(clientCode)) return clientCode
  const trades = broker.ledger.tradesOf(clientCode.code)
  if (trades.length === 0) return emptyBook('e-tradeBook-0005')
  return success('s-orders-0001', 'Success trade book', trades.map(tradeRow))
}

/** GET /portfolio/positions. Nothing is carried over from yesterday, so both books show the same rows. */
export function readPositions(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.query, 'query')
  const book = fields.choice('dayOrNet', ['DayWise', 'NetWise'])
  const clientCode = readClient(call, fields, 'e-portfolio-00005')
  if (isAnswer(clientCode)) return clientCode
  const positions = broker.positions.ofClient(clientCode.code).filter((position) => isInBook(position, book))
  if (positions.length === 0) return emptyBook('e-portfolio-0005')
  return success('s-portfolio-0001', 'Success position', {
    positionList: positions.map((position) =>
      positionRow({
        position,
        book,
        style: broker.choices,
        lastPrice: broker.exchange.market(position.instrument).tape.lastPrice,
      }),
    ),
  })
}

/** GET /user/balance is keyed by the login for dealers, by the client for everybody else. */
export function readBalance(broker: Broker, call: Call): Answer {
  const { account } = call.session
  const clientID = new FieldReader(call.query, 'query').optionalText('clientID')
  const isLoginAsked = clientID === account.userId
  const clientCode = isLoginAsked
    ? { code: account.clientCodes[0] }
    : readClient(call, new FieldReader(call.query, 'query'), 'e-user-0001')
  if (isAnswer(clientCode)) return clientCode
  const used = marginUsed(broker.positions.ofClient(clientCode.code))
  const accountId = isLoginAsked ? account.userId : clientCode.code
  return success('s-user-0002', 'OK', balanceResult({ accountId, cash: account.cashRupees, used }))
}

export function readProfile(broker: Broker, call: Call): Answer {
  const clientCode = readClient(call, new FieldReader(call.query, 'query'), 'e-user-0001')
  if (isAnswer(clientCode)) return clientCode
  return success(
    's-user-0001',
    'User profile',
    profileResult(call.session.account, clientCode.code, broker.universe.segments),
  )
}

function readClient(call: Call, fields: FieldReader, notMappedCode: string): { code: string } | Answer {
  const choice = clientOfBook(call.session.account, fields.optionalText('clientID'))
  if (choice.kind === 'missing') fields.refuse('clientID', 'is required', 'any.required')
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  return choice.kind === 'client' ? { code: choice.clientCode } : refusal(notMappedCode, NOT_MAPPED)
}
