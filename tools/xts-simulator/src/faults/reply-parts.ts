import type { CallName } from '../rest/call-names'
import { refusal, type Answer } from '../wire/envelopes'
import type { FaultyCall, Reply } from './fault-kinds'

export type Fields = Readonly<Record<string, unknown>>

/** Calls that make or change an order: what is lost here is lost money. */
export const ORDER_CALLS: readonly CallName[] = [
  'place', 'modify', 'cancel', 'cancel-all',
  'cover-place', 'cover-exit', 'bracket-place', 'bracket-modify', 'bracket-cancel',
  'convert', 'square-off', 'square-off-all',
] // prettier-ignore
export const ORDER_BOOKS: readonly CallName[] = ['order-book', 'dealer-order-book']
export const TRADE_BOOKS: readonly CallName[] = ['trade-book', 'dealer-trade-book']
export const POSITION_BOOKS: readonly CallName[] = ['positions', 'dealer-positions']
export const BOOKS: readonly CallName[] = [...ORDER_BOOKS, ...TRADE_BOOKS, ...POSITION_BOOKS]
export const LOGINS: readonly CallName[] = ['login', 'market-login']

export function replyFrom(answer: Answer): Reply {
  if (answer.html !== undefined) return pageReply(answer.status, answer.html)
  return { status: answer.status, body: answer.body, delayMs: 0, manner: 'whole' }
}

export function refusedReply(code: string | undefined, description: string): Reply {
  return replyFrom(refusal(code, description))
}

/** A page instead of JSON; what is not carried out and what is look the same. */
export function pageReply(status: number, page: string): Reply {
  return { status, body: undefined, text: page, contentType: 'text/html', delayMs: 0, manner: 'whole' }
}

export const isAccepted = (reply: Reply): boolean => reply.status === 200

export const isError = (reply: Reply): boolean => envelopeOf(reply)['type'] === 'error'

export const envelopeOf = (reply: Reply): Fields => asFields(reply.body)

export const resultOf = (reply: Reply): unknown => envelopeOf(reply)['result']

export const asFields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {}

export function withResult(reply: Reply, result: unknown): Reply {
  return { ...reply, body: { ...envelopeOf(reply), result } }
}

/** The rows of a book; positions keep theirs in a list of their own. */
export function rowsOf(reply: Reply): readonly Fields[] {
  const result = resultOf(reply)
  const rows = Array.isArray(result) ? (result as unknown[]) : asFields(result)['positionList']
  return Array.isArray(rows) ? rows.map(asFields) : []
}

export const hasRows = (reply: Reply): boolean => rowsOf(reply).length > 0

export function withRows(reply: Reply, rows: readonly Fields[]): Reply {
  const result = resultOf(reply)
  return withResult(reply, Array.isArray(result) ? rows : { ...asFields(result), positionList: rows })
}

/** How each book says that it is empty. */
export function emptyBookReply({ call }: FaultyCall): Reply {
  if (TRADE_BOOKS.includes(call)) return refusedReply('e-tradeBook-0005', 'Data Not Available')
  if (POSITION_BOOKS.includes(call)) return refusedReply('e-portfolio-0005', 'Data Not Available')
  return refusedReply('e-orders-0005', 'Data Not Available')
}

export const NGINX_404 =
  '<html>\r\n<head><title>404 Not Found</title></head>\r\n<body>\r\n<center><h1>404 Not Found</h1></center>\r\n' +
  '<hr><center>nginx/1.18.0 (Ubuntu)</center>\r\n</body>\r\n</html>\r\n'

export const NGINX_502 = NGINX_404.replaceAll('404 Not Found', '502 Bad Gateway')
