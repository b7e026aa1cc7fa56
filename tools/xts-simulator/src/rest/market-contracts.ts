import { INSTRUMENT_TYPE, OPTION_TYPE, type ListedInstrument } from '../universe/listed-instrument'
import type { SegmentName } from '../universe/segments'
import { refusal, success, validationFailure, type Answer } from '../wire/envelopes'
import { instrumentObject } from '../wire/instrument-object'
import type { Broker } from './broker'
import { describing } from './describe-instrument'
import { FieldReader } from './field-reader'
import { readSegment } from './read-segment'
import type { Call } from './route'

/** GET /instruments/instrument/series */
export function readSeries(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.query, 'query')
  const segment = readSegment(fields)
  if (fields.errors.length > 0 || !segment) return validationFailure(fields.errors)
  return found(broker.universe.seriesOf(segment))
}

/** GET /instruments/instrument/symbol: shares of this symbol and series. */
export function readEquitySymbol(broker: Broker, call: Call): Answer {
  return answerWith(broker, call, [], ({ rows }) => objectsOf(broker, rows))
}

/** GET /instruments/instrument/expiryDate: dates as the master writes them, the nearest first. */
export function readExpiryDates(broker: Broker, call: Call): Answer {
  return answerWith(broker, call, [], ({ rows }) => {
    const dates = rows.filter((row) => row.instrumentType !== INSTRUMENT_TYPE.spread)
    return found([...new Set(dates.flatMap((row) => row.contractExpiration ?? []))].sort())
  })
}

/** GET /instruments/instrument/futureSymbol: a list of one. */
export function readFutureSymbol(broker: Broker, call: Call): Answer {
  return answerWith(broker, call, ['expiryDate'], ({ rows, expiryDate }) =>
    objectsOf(broker, ofKind(rows, INSTRUMENT_TYPE.future, expiryDate)),
  )
}

/** GET /instruments/instrument/optionSymbol, or optionsymbol: a list of one. */
export function readOptionSymbol(broker: Broker, call: Call): Answer {
  return answerWith(broker, call, ['expiryDate', 'optionType', 'strikePrice'], (asked) => {
    const options = ofKind(asked.rows, INSTRUMENT_TYPE.option, asked.expiryDate)
    const isWanted = (row: ListedInstrument): boolean =>
      row.optionType === asked.optionType && row.strike === asked.strike
    return objectsOf(broker, options.filter(isWanted))
  })
}

/** GET /instruments/instrument/optionType: CE, PE. */
export function readOptionTypes(broker: Broker, call: Call): Answer {
  return answerWith(broker, call, ['expiryDate'], ({ rows, expiryDate }) => {
    const listed = new Set(ofKind(rows, INSTRUMENT_TYPE.option, expiryDate).map((row) => row.optionType))
    const rights = [listed.has(OPTION_TYPE.call) ? 'CE' : [], listed.has(OPTION_TYPE.put) ? 'PE' : []]
    return found(rights.flat())
  })
}

/** GET /instruments/instrument/strikePrice: texts, the lowest first. */
export function readStrikePrices(broker: Broker, call: Call): Answer {
  return answerWith(broker, call, ['expiryDate', 'optionType'], ({ rows, expiryDate, optionType }) => {
    const options = ofKind(rows, INSTRUMENT_TYPE.option, expiryDate)
    const strikes = options.flatMap((row) => (row.optionType === optionType ? (row.strike ?? []) : []))
    return found(strikes.sort((one, other) => one - other).map(String))
  })
}

type Wanted = 'expiryDate' | 'optionType' | 'strikePrice'

/** Symbol and series, and what else a question needs. */
interface Question {
  readonly rows: readonly ListedInstrument[]
  readonly expiryDate: string
  readonly optionType: number
  readonly strike: number
}

function answerWith(
  broker: Broker,
  call: Call,
  wanted: readonly Wanted[],
  answer: (question: Question) => Answer,
): Answer {
  const fields = new FieldReader(call.query, 'query')
  const segment = readSegment(fields)
  const series = fields.text('series')
  const symbol = fields.text('symbol')
  const expiryDate = wanted.includes('expiryDate') ? readExpiryDate(fields) : ''
  const right = wanted.includes('optionType') ? fields.choice('optionType', ['CE', 'PE'], true) : 'CE'
  const strike = wanted.includes('strikePrice') ? fields.number('strikePrice') : 0
  if (fields.errors.length > 0 || !segment) return validationFailure(fields.errors)
  const optionType = right === 'CE' ? OPTION_TYPE.call : OPTION_TYPE.put
  const rows = rowsOf(broker, segment, { symbol, series })
  return answer({ rows, expiryDate, optionType, strike })
}

function rowsOf(
  broker: Broker,
  segment: SegmentName,
  asked: { symbol: string; series: string },
): readonly ListedInstrument[] {
  return broker.universe.named(segment, asked.symbol.toUpperCase(), asked.series.toUpperCase())
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const

/** `30Jan2025` as `2025-01-30`. */
function readExpiryDate(fields: FieldReader): string {
  const asked = fields.text('expiryDate')
  const match = /^(\d{1,2})([a-z]{3})(\d{4})$/i.exec(asked)
  const month = MONTHS.findIndex((name) => name === match?.[2]?.toLowerCase()) + 1
  if (match && month > 0) {
    return `${match[3] ?? ''}-${String(month).padStart(2, '0')}-${(match[1] ?? '').padStart(2, '0')}`
  }
  if (asked !== '') fields.refuse('expiryDate', 'must be a date like 30Jan2025', 'string.regex.base')
  return ''
}

const ofKind = (rows: readonly ListedInstrument[], type: number, expiryDate: string): ListedInstrument[] =>
  rows.filter((row) => row.instrumentType === type && row.expiryDate === expiryDate)

const found = (result: unknown): Answer => success('s-rds-0', 'ok', result)

function objectsOf(broker: Broker, rows: readonly ListedInstrument[]): Answer {
  if (rows.length === 0) return refusal('e-instrument-0001', 'Instrument not found')
  return found(rows.map((row) => instrumentObject(row, describing(broker, row))))
}
