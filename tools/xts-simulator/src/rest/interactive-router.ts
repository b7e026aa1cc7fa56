import { Router, type Request, type Response } from 'express'
import { enumLists } from '../wire/account-payloads'
import { DATA_NOT_AVAILABLE, refusal, success, type Answer } from '../wire/envelopes'
import type { Broker, Call } from './broker'
import { cancelAll, cancelOrder, modifyOrder } from './change-order'
import { deliverOrderCall, send, sendHtmlError } from './deliver'
import { logInInteractive, logOut } from './log-in'
import { isAnswer } from './order-fields'
import { placeOrder } from './place-order'
import { readBalance, readOrders, readPositions, readProfile, readTrades } from './read-books'
import { checkToken } from './token-check'

type Story = (broker: Broker, call: Call) => Answer

/** The interactive API under one prefix: which route is which story. */
export function interactiveRouter(broker: Broker): Router {
  const router = Router()
  const plain = (story: Story) =>
    withCall(broker, (call, _request, response) => send(response, story(broker, call)))
  const order = (kind: 'place' | 'modify' | 'cancel', story: Story) =>
    withCall(broker, (call, request, response) =>
      deliverOrderCall(broker, kind, { request, response }, () => story(broker, call)),
    )

  router.post('/user/session', (request, response) => send(response, logInInteractive(broker, request.body)))
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
    withCall(broker, (call, _request, response) => deliverOrderBook(broker, call, response)),
  )
  router.get('/orders/dealerorderbook', plain(readOrders))
  router.get('/orders/trades', plain(readTrades))
  router.get('/orders/dealertradebook', plain(readTrades))
  router.get('/portfolio/positions', plain(readPositions))
  router.get('/portfolio/dealerpositions', plain(readPositions))
  return router
}

type Handler = (request: Request, response: Response) => void

function withCall(broker: Broker, run: (call: Call, request: Request, response: Response) => void): Handler {
  return (request, response) => {
    const session = checkToken(broker.sessions, 'interactive', request.headers.authorization)
    if (isAnswer(session)) {
      broker.log('token refused', { api: 'interactive', method: request.method, path: request.path })
      return send(response, session)
    }
    run({ session, body: request.body as unknown, query: request.query }, request, response)
  }
}

function deliverOrderBook(broker: Broker, call: Call, response: Response): void {
  const fault = broker.faults.take('book')
  if (fault) broker.log('fault happens', { fault: fault.name, call: 'order book' })
  if (fault?.name === 'order-book-html') return sendHtmlError(response)
  send(response, fault ? refusal('e-orders-0005', DATA_NOT_AVAILABLE) : readOrders(broker, call))
}
