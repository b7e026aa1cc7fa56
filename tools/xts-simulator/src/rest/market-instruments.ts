import { numericKey } from '../matching/exchange'
import type { ListedInstrument } from '../universe/listed-instrument'
import { isSegmentName, segmentNamed, SEGMENT_NUMBERS, type SegmentName } from '../universe/segments'
import { refusal, success, validationFailure, type Answer } from '../wire/envelopes'
import { isMessageCode, MESSAGE_CODES, type MessageCode } from '../wire/market-codes'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'
import type { Call } from './route'

/** More instruments in one call are refused. */
const BATCH_LIMIT = 100

/** POST /instruments/master: the rows of the asked segments as one text. Answers without a token. */
export function readMaster(broker: Broker, body: unknown): Answer {
  const fields = new FieldReader(body, 'body')
  const wanted = fields.list('exchangeSegmentList')
  const unknown = wanted.find((name) => !isSegmentName(name))
  if (unknown !== undefined) {
    fields.refuse('exchangeSegmentList', `does not match: ${JSON.stringify(unknown)}`, 'array.includes')
  }
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  const segments = wanted.filter(isSegmentName)
  return success('s-instrument-0010', 'Instrument Master successfully', broker.universe.masterText(segments))
}

/** GET /instruments/indexlist?exchangeSegment=1; a number or a name. Answers without a token. */
export function readIndexList(broker: Broker, query: unknown): Answer {
  const fields = new FieldReader(query, 'query')
  const asked = fields.text('exchangeSegment')
  const segment = readSegment(asked)
  if (asked !== '' && !segment) fields.refuse('exchangeSegment', 'must be a known segment', 'any.allowOnly')
  if (fields.errors.length > 0 || !segment) return validationFailure(fields.errors)
  return success('s-instrument-0007', 'Index List successfully', {
    exchangeSegment: String(SEGMENT_NUMBERS[segment]),
    indexList: broker.universe.indexList(segment),
  })
}

const readSegment = (asked: string): SegmentName | undefined =>
  isSegmentName(asked) ? asked : segmentNamed(Number(asked))

/** POST /instruments/quotes: a JSON text per instrument this broker knows; unknown ones are simply not there. */
export function readQuotes(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.body, 'body')
  const batch = readBatch(broker, fields)
  fields.choice('publishFormat', ['JSON', 'BINARY'], true)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  if (batch.asked.length > BATCH_LIMIT) return tooMany()
  return success('s-quotes-0001', 'Get quotes successfully!', {
    mdp: batch.code,
    quotesList: batch.asked.map((asked) => ({
      exchangeSegment: asked.exchangeSegment,
      exchangeInstrumentID: String(asked.exchangeInstrumentID),
    })),
    listQuotes: batch.asked.flatMap(
      (asked) => (asked.instrument && broker.feed.quote(batch.code, asked.instrument)) ?? [],
    ),
  })
}

/** POST /instruments/subscription: all or nothing. One known subscription or one unknown instrument refuses the batch. */
export function subscribe(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.body, 'body')
  const batch = readBatch(broker, fields)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  if (batch.asked.length > BATCH_LIMIT) return tooMany()
  const { subscriptions } = call.session
  const remaining = (): number => broker.subscriptionLimit - subscriptions.size
  const instruments = batch.asked.flatMap((asked) => asked.instrument ?? [])
  if (instruments.length < batch.asked.length) return refusal('e-instrument-0001', 'Instrument not found')
  const keys = instruments.map((instrument) => `${batch.code}:${numericKey(instrument)}`)
  if (keys.some((key) => subscriptions.has(key)) || new Set(keys).size < keys.length) {
    return refusal('e-session-0002', 'Instrument Already Subscribed !', {
      Remaining_Subscription_Count: remaining(),
    })
  }
  if (keys.length > remaining()) return refusal('e-session-0004', 'Subscription limit exceeded')
  for (const instrument of instruments) broker.feed.subscribe(call.session, batch.code, instrument)
  return success('s-session-0001', 'Instrument subscribed successfully!', {
    mdp: batch.code,
    quotesList: batch.asked.map(({ exchangeSegment, exchangeInstrumentID }) => ({
      exchangeSegment,
      exchangeInstrumentID,
    })),
    listQuotes: instruments.flatMap((instrument) => broker.feed.snapshot(batch.code, instrument) ?? []),
    Remaining_Subscription_Count: remaining(),
  })
}

/** PUT /instruments/subscription: what is not subscribed is passed over. */
export function unsubscribe(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.body, 'body')
  const batch = readBatch(broker, fields)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  for (const { instrument } of batch.asked) {
    if (instrument) broker.feed.unsubscribe(call.session, batch.code, instrument)
  }
  return success('s-response-0001', 'Instrument subscription deleted!', {
    Remaining_Subscription_Count: broker.subscriptionLimit - call.session.subscriptions.size,
  })
}

/** GET /instruments/subscription: what the session holds. */
export function listSubscriptions(call: Call): Answer {
  const held = [...call.session.subscriptions].map((key) => key.split(':').map(Number))
  return success(
    's-session-0001',
    'Subscriptions',
    held.map(([code, segment, token]) => ({
      xtsMessageCode: code,
      exchangeSegment: segment,
      exchangeInstrumentID: token,
    })),
  )
}

interface Asked {
  readonly exchangeSegment: number
  readonly exchangeInstrumentID: number
  readonly instrument: ListedInstrument | undefined
}

interface Batch {
  readonly code: MessageCode
  readonly asked: readonly Asked[]
}

function readBatch(broker: Broker, fields: FieldReader): Batch {
  const code = fields.number('xtsMessageCode', { isWhole: true })
  if (!isMessageCode(code)) {
    fields.refuse('xtsMessageCode', `must be one of [${MESSAGE_CODES.join(', ')}]`, 'any.allowOnly')
  }
  const list = fields.list('instruments')
  if (list.length === 0 && fields.errors.length === 0) {
    fields.refuse('instruments', 'must contain at least 1 items', 'array.min')
  }
  const asked = list.map((entry) => readAsked(broker, entry, fields))
  return { code: isMessageCode(code) ? code : MESSAGE_CODES[0], asked }
}

function readAsked(broker: Broker, entry: unknown, fields: FieldReader): Asked {
  const inner = new FieldReader(entry, 'body')
  const exchangeSegment = inner.number('exchangeSegment', { isWhole: true })
  const exchangeInstrumentID = inner.number('exchangeInstrumentID', { isWhole: true })
  fields.errors.push(...inner.errors)
  const segment = segmentNamed(exchangeSegment)
  const instrument = segment && broker.universe.find(segment, exchangeInstrumentID)
  return { exchangeSegment, exchangeInstrumentID, instrument }
}

const tooMany = (): Answer => refusal('e-quotes-0003', `More than ${BATCH_LIMIT} instruments in one request`)
