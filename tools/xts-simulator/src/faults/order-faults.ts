import { HTML_ERROR_PAGE, success } from '../wire/envelopes'
import { numberIn, textIn, type FaultDefinition, type FaultyCall, type Reply } from './fault-kinds'
import {
  asFields,
  isAccepted,
  ORDER_CALLS,
  pageReply,
  refusedReply,
  resultOf,
  withResult,
} from './reply-parts'

const accepted = {
  group: 'orders',
  proof: 'order-faults',
  count: 1,
  calls: ORDER_CALLS,
  appliesTo: isAccepted,
} as const

const NEVER: Reply = { status: 200, body: undefined, delayMs: 0, manner: 'never' }

/** What can happen to the answer of an order call, and to the order with it. */
export const ORDER_FAULTS = {
  'accept-then-500': {
    ...accepted,
    means: 'the order is taken, the answer is an HTML page with status 500',
    at: { replace: () => pageReply(500, HTML_ERROR_PAGE) },
  },
  'accept-then-timeout': {
    ...accepted,
    means: 'the order is taken, its answer never comes',
    at: { replace: () => NEVER },
  },
  'accept-then-reset': {
    ...accepted,
    means: 'the order is taken, the connection is reset instead of an answer',
    at: { replace: (reply) => ({ ...reply, manner: 'reset' }) },
  },
  'reply-delayed': {
    ...accepted,
    means: 'the order is taken, its answer comes delayMs later',
    parameters: { delayMs: { value: 3000, means: 'until the answer goes out' } },
    at: { delay: (reply, _, fault) => ({ ...reply, delayMs: reply.delayMs + numberIn(fault, 'delayMs') }) },
  },
  'timeout-without-accept': {
    ...accepted,
    means: 'the order is lost on the way, no answer comes',
    at: { request: () => NEVER },
  },
  'ack-without-order': {
    ...accepted,
    calls: ['place'],
    means: 'the order is acknowledged with a number, and there is no such order, ever',
    at: { request: acknowledgedOnly },
  },
  'fill-before-ack': {
    ...accepted,
    calls: ['place'],
    means:
      'the acknowledgement waits until the order was filled (or delayMs are over), so its events come first',
    parameters: { delayMs: { value: 3000, means: 'the longest wait' } },
    appliesTo: (reply) => appOrderIdOf(reply) !== undefined,
    at: {
      delay: (reply, { broker }, fault) => ({
        ...reply,
        delayMs: reply.delayMs + numberIn(fault, 'delayMs'),
        waitsFor: (go) => broker.outgoing.whenOrderEnds(appOrderIdOf(reply) ?? 0, go),
      }),
    },
  },
  'tag-not-echoed-in-ack': {
    ...accepted,
    means: 'the acknowledgement does not repeat the orderUniqueIdentifier',
    parameters: { value: { value: '', means: 'what stands in its place' } },
    appliesTo: (reply) => 'OrderUniqueIdentifier' in asFields(resultOf(reply)),
    at: {
      rewrite: (reply, _, fault) =>
        withResult(reply, {
          ...asFields(resultOf(reply)),
          OrderUniqueIdentifier: textIn(fault, 'value'),
        }),
    },
  },
  'token-revoked-mid-order': {
    ...accepted,
    means: 'the order is taken, then the session ends, and the answer says that the token is not known',
    at: { replace: revokedMidOrder },
  },
  'market-orders-refused': {
    ...accepted,
    count: 'always',
    calls: ['place', 'modify'],
    means: 'MARKET and price 0 are refused, as accounts under the exchanges’ algo rules are',
    appliesToCall: isPriceless,
    at: {
      request: () =>
        refusedReply('e-orders-0002', 'Market order Or Price 0 is not allowed for ALGO enabled orders'),
    },
  },
  'rate-limited': {
    ...accepted,
    means: 'an order call is not processed: HTTP 429 e-apirl-0004, wrapped in data',
    at: { request: rateLimitedWrapped },
  },
  'order-ids-jump': {
    ...accepted,
    calls: ['place'],
    means: 'after the order the AppOrderIDs jump ahead, far beyond 32 bits',
    parameters: { by: { value: 4_294_967_296, means: 'how far' } },
    appliesTo: (reply) => appOrderIdOf(reply) !== undefined,
    at: {
      rewrite: (reply, { broker }, fault) => {
        const used = appOrderIdOf(reply) ?? 0
        broker.numbers.passAppOrderId(used + numberIn(fault, 'by'))
        return reply
      },
    },
  },
} satisfies Record<string, FaultDefinition>

export function rateLimitedWrapped(): Reply {
  const { body } = rateLimitedPlain()
  return { status: 429, body: { err: true, data: body }, delayMs: 0, manner: 'whole' }
}

export function rateLimitedPlain(): Reply {
  const text = 'Rate limit exceeded for user: Max limit of 10 requests per second'
  return { ...refusedReply('e-apirl-0004', text), status: 429 }
}

function acknowledgedOnly({ broker, request }: FaultyCall): Reply {
  const { orderUniqueIdentifier = '', clientID } = asFields(request.body)
  const answer = success('s-orders-0001', 'Request sent', {
    AppOrderID: broker.numbers.nextAppOrderId(),
    OrderUniqueIdentifier: orderUniqueIdentifier,
    ClientID: clientID ?? broker.accounts[0]?.clientCodes[0],
  })
  return { status: answer.status, body: answer.body, delayMs: 0, manner: 'whole' }
}

function revokedMidOrder(reply: Reply, { broker, session }: FaultyCall): Reply {
  if (!session) return reply
  broker.sessions.revokeOne(session)
  return refusedReply('e-session-0005', 'Token/Authorization not found')
}

function isPriceless({ request, session }: FaultyCall): boolean {
  const body = asFields(request.body)
  const orderType = body['orderType'] ?? body['modifiedOrderType']
  const price = body['limitPrice'] ?? body['modifiedLimitPrice']
  return (
    session !== undefined &&
    ((typeof orderType === 'string' && /MARKET$/i.test(orderType)) || Number(price) === 0)
  )
}

function appOrderIdOf(reply: Reply): number | undefined {
  const { AppOrderID } = asFields(resultOf(reply))
  return typeof AppOrderID === 'number' ? AppOrderID : undefined
}
