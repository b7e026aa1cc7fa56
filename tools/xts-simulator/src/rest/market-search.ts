import type { ListedInstrument } from '../universe/listed-instrument'
import { refusal, success, validationFailure, type Answer } from '../wire/envelopes'
import { instrumentObject } from '../wire/instrument-object'
import type { Broker } from './broker'
import { describing } from './describe-instrument'
import { FieldReader } from './field-reader'
import { readInstruments, tooMany } from './market-batch'
import type { Call } from './route'

/** A real gateway answered thousands; a search for one letter must not answer the whole exchange. */
const MOST_FOUND = 5000
const MOST_ISINS = 100

/** GET /search/instruments?searchString=REL, or several words (`NIFTY 25700 CE`): all must be in an instrument's names. */
export function searchByText(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.query, 'query')
  const text = fields.text('searchString', { maxLength: 50 })
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  return answerWith(broker, broker.universe.search(text, MOST_FOUND))
}

/** POST /search/instrumentsbyid: the ones this broker knows. */
export function searchById(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.body, 'body')
  fields.optionalText('source')
  const asked = readInstruments(broker, fields)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  return (
    tooMany(broker, asked) ??
    answerWith(
      broker,
      asked.flatMap(({ instrument }) => instrument ?? []),
    )
  )
}

/** POST /search/instrumentsbyisin: the body has a list of ISINs; its name is not documented, so any list of texts is taken. */
export function searchByIsin(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.body, 'body')
  const isins = listOfTexts(call.body)
  if (isins.length === 0) fields.list('isin')
  if (isins.length > MOST_ISINS) fields.refuse('isin', `must have at most ${MOST_ISINS} items`, 'array.max')
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  return answerWith(
    broker,
    isins.flatMap((isin) => broker.universe.withIsin(isin)),
  )
}

function listOfTexts(body: unknown): string[] {
  const values: unknown[] = typeof body === 'object' && body !== null ? Object.values(body) : []
  const list: unknown = values.find((value) => Array.isArray(value))
  return Array.isArray(list) ? list.filter((entry): entry is string => typeof entry === 'string') : []
}

function answerWith(broker: Broker, instruments: readonly ListedInstrument[]): Answer {
  if (instruments.length === 0) return refusal('e-instrument-0001', 'Instrument not found')
  const result = instruments.map((row) => instrumentObject(row, describing(broker, row)))
  return success('s-search-0002', 'Instruments Found', result)
}
