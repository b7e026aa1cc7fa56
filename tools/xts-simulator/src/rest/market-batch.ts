import type { ListedInstrument } from '../universe/listed-instrument'
import { segmentNamed } from '../universe/segments'
import { refusal, type Answer } from '../wire/envelopes'
import { isMessageCode, MESSAGE_CODES, type MessageCode } from '../wire/market-codes'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'

/** One instrument of a request, found or not. */
export interface Asked {
  readonly exchangeSegment: number
  readonly exchangeInstrumentID: number
  readonly instrument: ListedInstrument | undefined
}

/** The instruments of a quotes or subscription request, and the message asked for. */
export interface Batch {
  readonly code: MessageCode
  readonly asked: readonly Asked[]
}

/** Reads both; look at the errors of `fields` before using it. Numbers may come as text. */
export function readBatch(broker: Broker, fields: FieldReader): Batch {
  const code = fields.number('xtsMessageCode', { isWhole: true })
  if (!isMessageCode(code)) {
    fields.refuse('xtsMessageCode', `must be one of [${MESSAGE_CODES.join(', ')}]`, 'any.allowOnly')
  }
  return { code: isMessageCode(code) ? code : MESSAGE_CODES[0], asked: readInstruments(broker, fields) }
}

/** The list `instruments`, at least one. */
export function readInstruments(broker: Broker, fields: FieldReader): Asked[] {
  const list = fields.list('instruments')
  if (list.length === 0 && fields.errors.length === 0) {
    fields.refuse('instruments', 'must contain at least 1 items', 'array.min')
  }
  return list.map((entry) => readAsked(broker, entry, fields))
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

/** More instruments than a call may have. */
export function tooMany(broker: Broker, asked: readonly Asked[]): Answer | undefined {
  const { instrumentsPerCall } = broker.marketChoices
  if (asked.length <= instrumentsPerCall) return undefined
  return refusal('e-quotes-0003', `More than ${instrumentsPerCall} instruments in one request`)
}
