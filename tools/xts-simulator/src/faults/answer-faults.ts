import { numberIn, textIn, type FaultDefinition, type Reply } from './fault-kinds'
import { rateLimitedPlain, rateLimitedWrapped } from './order-faults'
import { envelopeOf, isAccepted, isError, NGINX_404, NGINX_502, pageReply, refusedReply } from './reply-parts'
import { shiftTimes } from './shift-times'

const any = { group: 'answers', proof: 'answer-faults', count: 'always' } as const

const TOKEN_CODES = /^e-(session-000[57]|token-)/

/** What any call can be answered with; most of these come from the machines between client and broker. */
export const ANSWER_FAULTS = {
  'html-instead-of-json': {
    ...any,
    means: 'the call is carried out, the answer is an HTML page with status 200',
    at: {
      replace: () => pageReply(200, '<!DOCTYPE html><html><body>Service is under maintenance</body></html>'),
    },
  },
  'half-json': {
    ...any,
    means: 'the call is carried out, the answer breaks off in the middle of its JSON and ends properly',
    at: { replace: halfText },
  },
  'answer-cut-off': {
    ...any,
    means: 'the call is carried out, the connection ends in the middle of the answer',
    at: { replace: (reply) => ({ ...reply, manner: 'cut' }) },
  },
  'empty-body': {
    ...any,
    means: 'the call is carried out, the answer has status 200 and no body',
    at: { replace: (reply) => ({ ...reply, status: 200, text: '' }) },
  },
  'wrong-content-type': {
    ...any,
    means: 'the answer is JSON and says that it is something else',
    parameters: { contentType: { value: 'text/html', means: 'what it says' } },
    at: { rewrite: (reply, _, fault) => ({ ...reply, contentType: textIn(fault, 'contentType') }) },
  },
  'wrapped-in-array': {
    ...any,
    means: 'the envelope comes as the only element of an array',
    at: { rewrite: (reply) => ({ ...reply, body: [reply.body] }) },
  },
  'success-with-400': {
    ...any,
    means: 'a success comes with HTTP status 400',
    appliesTo: (reply) => isAccepted(reply) && envelopeOf(reply)['type'] === 'success',
    at: { rewrite: (reply) => ({ ...reply, status: 400 }) },
  },
  'error-with-200': {
    ...any,
    means: 'an error comes with HTTP status 200',
    appliesTo: isError,
    at: { rewrite: (reply) => ({ ...reply, status: 200 }) },
  },
  'dead-token-with-200': {
    ...any,
    means: 'a token that is not valid is refused with HTTP status 200',
    appliesTo: (reply) => TOKEN_CODES.test(String(envelopeOf(reply)['code'])),
    at: { rewrite: (reply) => ({ ...reply, status: 200 }) },
  },
  'rate-limit-storm-wrapped': {
    ...any,
    means: 'every call is refused unprocessed: HTTP 429 e-apirl-0004, wrapped in data',
    at: { request: rateLimitedWrapped },
  },
  'rate-limit-storm-plain': {
    ...any,
    means: 'every call is refused unprocessed: e-apirl-0004 at the top level',
    parameters: { status: { value: 429, means: 'HTTP status; some gateways answer 400 or 200' } },
    at: { request: (_, fault) => ({ ...rateLimitedPlain(), status: numberIn(fault, 'status') }) },
  },
  'not-found-window': {
    ...any,
    means: 'the web server before the broker knows no path: its 404 page, nothing is carried out',
    at: { request: () => pageReply(404, NGINX_404) },
  },
  'bad-gateway': {
    ...any,
    means: 'the web server before the broker does not reach it: its 502 page, nothing is carried out',
    at: { request: () => pageReply(502, NGINX_502) },
  },
  'token-refused': {
    ...any,
    count: 1,
    means: 'a valid token is refused once, and is valid again afterwards',
    appliesToCall: ({ session }) => session !== undefined,
    at: {
      request: ({ api }) =>
        api === 'market'
          ? refusedReply('e-session-0007', 'Invalid Token')
          : refusedReply('e-session-0005', 'Your session has been expired'),
    },
  },
  'answer-trickles': {
    ...any,
    means: 'the answer comes in small pieces over delayMs',
    parameters: { delayMs: { value: 1000, means: 'from the first piece to the last' } },
    at: {
      replace: (reply, _, fault) => ({
        ...reply,
        manner: 'trickled',
        delayMs: reply.delayMs + numberIn(fault, 'delayMs'),
      }),
    },
  },
  'keep-alive-closed': {
    ...any,
    means: 'the connection is closed right after an answer that did not say so, between two requests',
    at: { delay: (reply) => ({ ...reply, manner: 'then-closed' }) },
  },
  'clock-skew': {
    ...any,
    means: 'every time the broker writes is off: in answers, in events, in ticks, and in the Date header',
    parameters: {
      skewMs: { value: 300_000, means: 'how far' },
      isBehind: { value: false, means: 'whether the clock is slow rather than fast' },
    },
    at: {
      rewrite: (reply, { broker }, fault) => {
        const skewMs = skewOf(fault.parameters)
        const date = new Date(broker.clock.nowMs() + skewMs).toUTCString()
        return { ...reply, body: shiftTimes(reply.body, skewMs), headers: { ...reply.headers, date } }
      },
      eventRewrite: (message, _, fault) => ({
        ...message,
        payload: shiftTimes(message.payload, skewOf(fault.parameters)) as string,
      }),
    },
  },
  'slow-everything': {
    ...any,
    means: 'every answer and everything a socket is sent comes delayMs later',
    parameters: { delayMs: { value: 500, means: 'how much later' } },
    at: {
      delay: (reply, _, fault) => ({ ...reply, delayMs: reply.delayMs + numberIn(fault, 'delayMs') }),
      eventDelay: (message, _, fault) => ({
        ...message,
        delayMs: message.delayMs + numberIn(fault, 'delayMs'),
      }),
    },
  },
} satisfies Record<string, FaultDefinition>

function halfText(reply: Reply): Reply {
  const text = JSON.stringify(reply.body)
  return { ...reply, text: text.slice(0, Math.ceil(text.length / 2)), contentType: 'application/json' }
}

const skewOf = (parameters: Readonly<Record<string, unknown>>): number =>
  Number(parameters['skewMs']) * (parameters['isBehind'] === true ? -1 : 1)
