import { Router, type Request, type Response } from 'express'
import { enumLists } from '../wire/account-payloads'
import { emptyBook, success, type Answer } from '../wire/envelopes'
import type { Broker, Call } from './broker'
import { cancelAll, cancelOrder, modifyOrder } from './change-order'
import { deliverOrderCall, send, sendHtmlError, type Http } from './deliver'
import { logInInteractive, logOut } from './log-in'
import { isAnswer } from './order-fields'
import { placeOrder } from './place-order'
import { readBalance, readOrders, readPositions, readProfile, readTrades } from './read-books'
import { checkToken } from './token-check'

type Story = (broker: Broker, call: Call) => Answer

/** The interactive API under one prefix: which route is which story. */
export function interactiveRouter(broker: Broker): Router {
  const router = Router()
  const plain = (story: Story) => withCall(broker, (call, http) => send(broker, http, story(broker, call)))
  const order = (kind: 'place' | 'modify' | 'cancel', story: Story) =>
    withCall(broker, (call, http) => deliverOrderCall(broker, kind, http, () => story(broker, call)))

  router.post('/user/session', (request, response) =>
    send(broker, { request, response }, logInInteractive(broker, request.body)),
  )
  router.delete(
    '/user/session',
    plain((_, call) => logOut(broker, call.session)),
  )
  router.get('/user/profile', plain(readProfile))
  router.get('/user/balance', plain(readBalance))
  router.get(
    '/user/enums',
    plain(() => success('s-enums-0001', 'OK', enumLists(broker.universe.segments))),
  )
  router.post('/orders', order('place', placeOrder))
  router.put('/orders', order('modify', modifyOrder))
  router.delete('/orders', order('cancel', cancelOrder))
  router.post('/orders/cancelall', order('cancel', cancelAll))
  router.get(
    '/orders',
    withCall(broker, (call, http) => deliverOrderBook(broker, call, http)),
  )
  router.get('/orders/dealerorderbook', plain(readOrders))
  router.get('/orders/trades', plain(readTrades))
  router.get('/orders/dealertradebook', plain(readTrades))
  router.get('/portfolio/positions', plain(readPositions))
  router.get('/portfolio/dealerpositions', plain(readPositions))
  return router
}

type Handler = (request: Request, response: Response) => void

function withCall(broker: Broker, run: (call: Call, http: Http) => void): Handler {
  return (request, response) => {
    const http = { request, response }
    const session = checkToken(broker.sessions, 'interactive', request.headers.authorization)
    if (isAnswer(session)) return send(broker, http, session)
    run({ session, body: request.body as unknown, query: request.query }, http)
  }
}

function deliverOrderBook(broker: Broker, call: Call, http: Http): void {
  const fault = broker.faults.take('book')
  if (fault) broker.log('fault happens', { fault: fault.name, call: 'order book' })
  if (fault?.name === 'order-book-html') return sendHtmlError(http.response)
  send(broker, http, fault ? emptyBook('e-orders-0005') : readOrders(broker, call))
}
