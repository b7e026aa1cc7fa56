import type { OrderState } from '../matching/sim-order'
import { orderRow } from '../wire/order-rows'
import { numberIn, textIn, type FaultDefinition, type FaultyCall, type Reply } from './fault-kinds'
import {
  asFields,
  BOOKS,
  emptyBookReply,
  envelopeOf,
  hasRows,
  ORDER_BOOKS,
  pageReply,
  POSITION_BOOKS,
  refusedReply,
  rowsOf,
  TRADE_BOOKS,
  withResult,
  withRows,
  type Fields,
} from './reply-parts'
import { HTML_ERROR_PAGE } from '../wire/envelopes'

const book = { group: 'books', proof: 'book-faults', count: 'always', calls: BOOKS } as const
const rows = { ...book, appliesTo: hasRows } as const

/** What a book can hide, repeat or get wrong. */
export const BOOK_FAULTS = {
  'order-book-empty': {
    ...book,
    count: 1,
    calls: ORDER_BOOKS,
    means: 'the order book answers "Data Not Available" although there are orders',
    at: { replace: (_, call) => emptyBookReply(call) },
  },
  'order-book-html': {
    ...book,
    count: 1,
    calls: ORDER_BOOKS,
    means: 'the order book answers an HTML page with status 500',
    at: { replace: () => pageReply(500, HTML_ERROR_PAGE) },
  },
  'book-empty-400': {
    ...book,
    means: 'any book answers HTTP 400 "Data Not Available", whatever is in it',
    at: { replace: (_, call) => emptyBookReply(call) },
  },
  'book-empty-200': {
    ...book,
    means: 'any book answers success with an empty list, whatever is in it',
    at: { replace: (_, call) => emptySuccess(call) },
  },
  'book-truncated': {
    ...rows,
    means: 'a book shows only its first rows',
    parameters: { rows: { value: 1, means: 'how many are shown' } },
    at: { rewrite: (reply, _, fault) => withRows(reply, rowsOf(reply).slice(0, numberIn(fault, 'rows'))) },
  },
  'book-rows-duplicated': {
    ...rows,
    means: 'a book shows every row twice',
    at: {
      rewrite: (reply) =>
        withRows(
          reply,
          rowsOf(reply).flatMap((row) => [row, row]),
        ),
    },
  },
  'order-book-lags-socket': {
    ...rows,
    calls: ORDER_BOOKS,
    means: 'the order book shows the orders as they were lagMs ago; younger ones are not in it',
    parameters: { lagMs: { value: 2000, means: 'how old the book is' } },
    at: { rewrite: (reply, call, fault) => laggingBook(reply, call, numberIn(fault, 'lagMs')) },
  },
  'order-status-misspelled': {
    ...rows,
    calls: ORDER_BOOKS,
    means: 'the order book spells OrderStatus in a way no document has',
    parameters: { word: { value: 'Open Pending', means: 'what stands there' } },
    at: {
      rewrite: (reply, _, fault) => changeRows(reply, () => ({ OrderStatus: textIn(fault, 'word') })),
    },
  },
  'tag-not-echoed-in-book': {
    ...rows,
    calls: [...ORDER_BOOKS, ...TRADE_BOOKS],
    means: 'the rows of order and trade book do not carry the orderUniqueIdentifier',
    parameters: { value: { value: '', means: 'what stands in its place' } },
    at: {
      rewrite: (reply, _, fault) =>
        changeRows(reply, () => ({ OrderUniqueIdentifier: textIn(fault, 'value') })),
    },
  },
  'tag-shortened': {
    ...rows,
    calls: [...ORDER_BOOKS, ...TRADE_BOOKS],
    means: 'the rows carry only the first characters of the orderUniqueIdentifier',
    parameters: { keep: { value: 18, means: 'how many characters' } },
    at: {
      rewrite: (reply, _, fault) =>
        changeRows(reply, ({ OrderUniqueIdentifier: tag }) => ({
          OrderUniqueIdentifier: String(tag).slice(0, numberIn(fault, 'keep')),
        })),
    },
  },
  'wrong-client-as-empty': {
    ...book,
    means: 'a book asked for a clientID that is not mapped says it is empty instead of refusing',
    appliesTo: (reply) => envelopeOf(reply)['description'] === 'Supplied client not mapped under dealer',
    at: { rewrite: (_, call) => emptyBookReply(call) },
  },
  'history-not-ready': {
    ...book,
    count: 1,
    calls: ['order-book'],
    means: 'the history of one order is not there yet: HTTP 400 e-orders-0001',
    appliesToCall: ({ request }) => asFields(request.query)['appOrderID'] !== undefined,
    at: { request: () => refusedReply('e-orders-0001', 'Data Not Available') },
  },
  'positions-without-mtm': {
    ...rows,
    calls: POSITION_BOOKS,
    means: 'positions show no money: every MTM and every amount is 0.00',
    at: { rewrite: (reply) => changeRows(reply, zeroMoney) },
  },
  'numbers-as-nan': {
    ...rows,
    means: 'average prices are the text NaN',
    at: { rewrite: (reply) => changeRows(reply, nanAverages) },
  },
} satisfies Record<string, FaultDefinition>

function emptySuccess({ call }: FaultyCall): Reply {
  const result = POSITION_BOOKS.includes(call) ? { positionList: [] } : []
  const code = POSITION_BOOKS.includes(call) ? 's-portfolio-0001' : 's-orders-0001'
  return withResult(
    {
      status: 200,
      body: { type: 'success', code, description: 'Success' },
      delayMs: 0,
      manner: 'whole',
    },
    result,
  )
}

function changeRows(reply: Reply, change: (row: Fields) => Fields): Reply {
  return withRows(
    reply,
    rowsOf(reply).map((row) => ({ ...row, ...change(row) })),
  )
}

/** Each order in the last state that it had then; without any row the book is empty in its usual way. */
function laggingBook(reply: Reply, call: FaultyCall, lagMs: number): Reply {
  const { clock, ledger } = call.broker
  const shownUntilMs = clock.nowMs() - lagMs
  const isOfOne = asFields(call.request.query)['appOrderID'] !== undefined
  const seen = new Set<OrderState>()
  const old = rowsOf(reply).flatMap((row) => {
    const order = ledger.find(Number(row['AppOrderID']))
    const known = order?.history.filter((state) => state.updatedAtMs <= shownUntilMs) ?? []
    const next = isOfOne ? known.find((state) => !seen.has(state)) : known.at(-1)
    if (!order || !next) return []
    seen.add(next)
    return [orderRow(order, next)]
  })
  return old.length === 0 ? emptyBookReply(call) : withResult(reply, old)
}

const MONEY = [
  'UnrealizedMTM', 'RealizedMTM', 'MTM', 'BuyAmount', 'SellAmount', 'NetAmount', 'BuyAveragePrice', 'SellAveragePrice',
] // prettier-ignore

const zeroMoney = (row: Fields): Fields =>
  Object.fromEntries(MONEY.filter((key) => key in row).map((key) => [key, '0.00']))

const nanAverages = (row: Fields): Fields =>
  Object.fromEntries(
    Object.keys(row)
      .filter((key) => /Average(Traded)?Price/.test(key))
      .map((key) => [key, 'NaN']),
  )
