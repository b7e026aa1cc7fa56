import type { SessionPhase } from '../matching/session-phase'
import type { ExchangeBulletin } from '../state/exchange-bulletins'
import {
  isCashSegment,
  isSegmentName,
  segmentNamed,
  SEGMENT_NUMBERS,
  type SegmentName,
} from '../universe/segments'
import { success, validationFailure, type Answer } from '../wire/envelopes'
import { tickSeconds } from '../wire/indian-time'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'
import type { Call } from './route'

const SESSION_WORDS: Readonly<Record<SessionPhase, string>> = {
  'pre-open': 'PreOpenStart',
  open: 'NormalStart',
  closing: 'PreClosingStart',
  closed: 'NormalEnd',
}

/** Cash segments have markets of their own for odd lots, auctions and call auctions. */
const marketTypesOf = (segment: SegmentName): readonly string[] =>
  isCashSegment(segment) ? ['NORMAL', 'ODDLOT', 'AUCTION', 'CALLAUCTION2'] : ['NORMAL']

/** GET /status/exchange: a row for each market of each segment. */
export function readExchangeStatus(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.query, 'query')
  fields.optionalText('userID')
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  const marketStatus = broker.universe.segments.flatMap((segment) => {
    const exchangeTradingSession = SESSION_WORDS[broker.trading.phaseOf(segment)]
    return marketTypesOf(segment).map((exchangeMarketType) => ({
      exchangeSegment: segment,
      exchangeMarketType,
      exchangeTradingSession,
    }))
  })
  return success('s-status-0001', 'Exchange status available', { marketStatus })
}

/** GET /messages/exchange: what an exchange told its members today; the segment is a name or a number. */
export function readExchangeMessages(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.query, 'query')
  const text = fields.text('exchangeSegment')
  const segment = isSegmentName(text) ? text : segmentNamed(Number(text))
  if (segment === undefined && text !== '') {
    const known = Object.keys(SEGMENT_NUMBERS).join(', ')
    fields.refuse('exchangeSegment', `must be one of [${known}]`, 'any.allowOnly')
  }
  if (segment === undefined) return validationFailure(fields.errors)
  const messageList = broker.bulletins.of(segment).map(messageRow)
  return success('s-messages-0001', 'Exchange messages available', { messageList })
}

function messageRow({ segment, atMs, text, sequence }: ExchangeBulletin): object {
  const segmentNumber = SEGMENT_NUMBERS[segment]
  return {
    ExchangeSegment: segmentNumber,
    ExchangeTimeStamp: tickSeconds(atMs, segmentNumber),
    BroadcastMessage: text,
    SequenceId: sequence,
    ExchangeInstrumentID: 0,
    MessageCode: 1506,
    MessageVersion: 8,
    TokenID: 0,
    ApplicationType: 0,
    SequenceNumber: sequence,
  }
}
