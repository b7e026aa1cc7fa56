import { Router, type Request, type Response } from 'express'
import { SEGMENT_NUMBERS } from '../universe/segments'
import { success, type Answer } from '../wire/envelopes'
import type { Broker, Call } from './broker'
import { send } from './deliver'
import { logInMarket, logOut } from './log-in'
import * as instruments from './market-instruments'
import { isAnswer } from './order-fields'
import { checkToken } from './token-check'

/** The market-data API under one prefix: which route is which story. */
export function marketRouter(broker: Broker): Router {
  const router = Router()
  const open = (story: (request: Request) => Answer) => (request: Request, response: Response) =>
    send(broker, { request, response }, story(request))
  const withToken = (story: (call: Call) => Answer) =>
    open((request) => {
      const session = checkToken(broker.sessions, 'market', request.headers.authorization)
      if (isAnswer(session)) return session
      return story({ session, body: request.body as unknown, query: request.query })
    })

  router.post(
    '/auth/login',
    open((request) => logInMarket(broker, request.body)),
  )
  router.delete(
    '/auth/logout',
    withToken((call) => logOut(broker, call.session)),
  )
  router.get('/config/clientConfig', withToken(clientConfig))
  router.post(
    '/instruments/master',
    open((request) => instruments.readMaster(broker, request.body)),
  )
  router.get(
    '/instruments/indexlist',
    open((request) => instruments.readIndexList(broker, request.query)),
  )
  router.post(
    '/instruments/quotes',
    withToken((call) => instruments.readQuotes(broker, call)),
  )
  router.post(
    '/instruments/subscription',
    withToken((call) => instruments.subscribe(broker, call)),
  )
  router.put(
    '/instruments/subscription',
    withToken((call) => instruments.unsubscribe(broker, call)),
  )
  router.get(
    '/instruments/subscription',
    withToken((call) => instruments.listSubscriptions(call)),
  )
  return router
}

/** The dictionaries a screen needs. */
function clientConfig(): Answer {
  return success('s-response-0001', 'Fetched configurations successfully', {
    exchangeSegments: SEGMENT_NUMBERS,
    xtsMessageCode: { touchlineEvent: 1501, marketDepthEvent: 1502, openInterestEvent: 1510, ltpEvent: 1512 },
    publishFormat: ['JSON', 'Binary'],
    broadCastMode: ['Full', 'Partial'],
    instrumentType: { Futures: 1, Options: 2, Spread: 4, Equity: 8, Spot: 16 },
  })
}
