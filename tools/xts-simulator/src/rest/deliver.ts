import type { Request, Response } from 'express'
import { isOrderCall, type OrderCall } from '../control/fault-catalogue'
import { emptyBook, HTML_ERROR_PAGE, refusal, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import type { CallName } from './call-names'

/** One HTTP request and where its answer goes. */
export interface Http {
  readonly request: Request
  readonly response: Response
}

/** Answers, and says in words when the client did something wrong. */
export function send(broker: Broker, http: Http, answer: Answer): void {
  const { method, baseUrl, path } = http.request
  if (answer.why !== undefined)
    broker.log('request refused', { method, path: baseUrl + path, why: answer.why })
  http.response.status(answer.status).json(answer.body)
}

function sendHtmlError(response: Response): void {
  response.status(500).type('html').send(HTML_ERROR_PAGE)
}

/** Runs a story and delivers its answer, unless a fault was set for the call. */
export function deliver(broker: Broker, call: CallName, http: Http, run: () => Answer): void {
  if (call === 'order-book') return deliverOrderBook(broker, http, run)
  const kind = call === 'cancel-all' ? 'cancel' : call
  if (isOrderCall(kind)) return deliverOrderCall(broker, kind, http, run)
  send(broker, http, run())
}

function deliverOrderBook(broker: Broker, http: Http, run: () => Answer): void {
  const fault = broker.faults.take('book')
  if (fault) broker.log('fault happens', { fault: fault.name, call: 'order book' })
  if (fault?.name === 'order-book-html') return sendHtmlError(http.response)
  send(broker, http, fault ? emptyBook('e-orders-0005') : run())
}

function deliverOrderCall(broker: Broker, kind: OrderCall, http: Http, run: () => Answer): void {
  const lost = broker.faults.take('request', kind)
  if (lost) {
    broker.log('fault happens', { fault: lost.name, call: kind })
    if (lost.name === 'rate-limited') sendRateLimit(http.response)
    return
  }
  const answer = run()
  if (answer.status === 200) deliverAccepted(broker, kind, http, answer)
  else send(broker, http, answer)
}

/** Not processed at all; wrapped in `data` as the broker's limiter does. */
function sendRateLimit(response: Response): void {
  const data = refusal(
    'e-apirl-0004',
    'Rate limit exceeded for user: Max limit of 10 requests per second',
  ).body
  response.status(429).json({ err: true, data })
}

function deliverAccepted(broker: Broker, kind: OrderCall, http: Http, answer: Answer): void {
  const fault = broker.faults.take('reply', kind)
  if (!fault) return sendAfter(broker, broker.ackDelayMs, http.response, () => send(broker, http, answer))
  broker.log('fault happens', { fault: fault.name, call: kind })
  switch (fault.name) {
    case 'accept-then-reset':
      http.request.socket.resetAndDestroy()
      return
    case 'accept-then-500':
      return sendHtmlError(http.response)
    case 'reply-delayed':
      return sendAfter(broker, fault.delayMs, http.response, () => send(broker, http, answer))
    default:
      // accept-then-timeout: the client waits until it gives up; a closing simulator ends the connection.
      return
  }
}

function sendAfter(broker: Broker, delayMs: number, response: Response, answerNow: () => void): void {
  if (delayMs <= 0) return answerNow()
  response.on('close', broker.clock.later(delayMs, answerNow))
}
