import type { Request, Response } from 'express'
import type { OrderCall } from '../control/fault-catalogue'
import { HTML_ERROR_PAGE, refusal, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'

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

export function sendHtmlError(response: Response): void {
  response.status(500).type('html').send(HTML_ERROR_PAGE)
}

/** Runs an order call and delivers its answer, unless a fault was set for it. */
export function deliverOrderCall(broker: Broker, kind: OrderCall, http: Http, run: () => Answer): void {
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
  if (!fault) return sendAfter(broker.ackDelayMs, () => send(broker, http, answer), http.response)
  broker.log('fault happens', { fault: fault.name, call: kind })
  switch (fault.name) {
    case 'accept-then-reset':
      http.request.socket.resetAndDestroy()
      return
    case 'accept-then-500':
      return sendHtmlError(http.response)
    case 'reply-delayed':
      return sendAfter(fault.delayMs, () => send(broker, http, answer), http.response)
    default:
      // accept-then-timeout: the client waits until it gives up; a closing simulator ends the connection.
      return
  }
}

function sendAfter(delayMs: number, answerNow: () => void, response: Response): void {
  if (delayMs <= 0) return answerNow()
  const timer = setTimeout(answerNow, delayMs)
  response.on('close', () => clearTimeout(timer))
}
