import { numericKey } from '../matching/exchange'
import type { ListedInstrument } from '../universe/listed-instrument'
import { refusal, success, validationFailure, type Answer } from '../wire/envelopes'
import { isMessageCode, MESSAGE_CODES, type MessageCode } from '../wire/market-codes'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'
import { readBatch, tooMany, type Asked } from './market-batch'
import type { Call } from './route'

/** POST /instruments/subscription: all or nothing. One known subscription or one unknown instrument refuses the batch. */
export function subscribe(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.body, 'body')
  const { code, asked } = readBatch(broker, fields)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  const refused = tooMany(broker, asked)
  if (refused) return refused
  const instruments = asked.flatMap((entry) => subscribable(code, entry) ?? [])
  if (instruments.length < asked.length) return refusal('e-instrument-0001', 'Instrument not found')
  const { subscriptions } = call.session
  const keys = instruments.map((instrument) => `${code}:${numericKey(instrument)}`)
  if (keys.some((key) => subscriptions.has(key)) || new Set(keys).size < keys.length) {
    return refusal('e-session-0002', 'Instrument Already Subscribed !', remainingCount(broker, call))
  }
  if (keys.length > broker.subscriptionLimit - subscriptions.size) {
    return refusal('e-session-0004', 'Subscription limit exceeded')
  }
  for (const instrument of instruments) broker.feed.subscribe(call.session, code, instrument)
  return success('s-session-0001', 'Instrument subscribed successfully!', {
    ...subscribed(broker, code, asked),
    ...remainingCount(broker, call),
  })
}

/** PUT /instruments/subscription: what is not subscribed is passed over. */
export function unsubscribe(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.body, 'body')
  const { code, asked } = readBatch(broker, fields)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  for (const { instrument } of asked) {
    if (instrument) broker.feed.unsubscribe(call.session, code, instrument)
  }
  const answer = success('s-response-0001', 'Instrument subscription deleted!', remainingCount(broker, call))
  return broker.marketChoices.unsubscriptionReply === 'array' ? { ...answer, body: [answer.body] } : answer
}

/** GET /instruments/subscription: what the session holds, of one message code or of all. */
export function listSubscriptions(_broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.query, 'query')
  const asked = fields.optionalText('xtsMessageCode')
  if (asked !== undefined && !isMessageCode(Number(asked))) {
    fields.refuse('xtsMessageCode', `must be one of [${MESSAGE_CODES.join(', ')}]`, 'any.allowOnly')
  }
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  const held = [...call.session.subscriptions].map((key) => key.split(':').map(Number))
  return success(
    's-session-0001',
    'Subscriptions',
    held
      .filter(([code]) => asked === undefined || code === Number(asked))
      .map(([code, segment, token]) => ({
        xtsMessageCode: code,
        exchangeSegment: segment,
        exchangeInstrumentID: token,
      })),
  )
}

/** Index messages are about indices only. */
function subscribable(code: MessageCode, { instrument }: Asked): ListedInstrument | undefined {
  return code === 1504 && instrument?.isIndex !== true ? undefined : instrument
}

/** Numbers in the echo of a subscription, unlike in that of quotes. */
function subscribed(broker: Broker, code: MessageCode, asked: readonly Asked[]): object {
  const { subscriptionReply } = broker.marketChoices
  if (subscriptionReply === 'count-only') return {}
  return {
    mdp: code,
    quotesList: asked.map(({ exchangeSegment, exchangeInstrumentID }) => ({
      exchangeSegment,
      exchangeInstrumentID,
    })),
    listQuotes:
      subscriptionReply === 'empty-list'
        ? []
        : asked.flatMap(({ instrument }) => (instrument && broker.feed.snapshot(code, instrument)) ?? []),
  }
}

const remainingCount = (broker: Broker, call: Call): { Remaining_Subscription_Count: number } => ({
  Remaining_Subscription_Count: broker.subscriptionLimit - call.session.subscriptions.size,
})
