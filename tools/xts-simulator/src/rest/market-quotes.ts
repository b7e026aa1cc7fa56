import { success, validationFailure, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'
import { readBatch, tooMany } from './market-batch'
import type { Call } from './route'

/** POST /instruments/quotes: a JSON text per instrument this broker knows; unknown ones are simply not there. */
export function readQuotes(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.body, 'body')
  const { code, asked } = readBatch(broker, fields)
  fields.choice('publishFormat', ['JSON', 'BINARY'], true)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  const refused = tooMany(broker, asked)
  if (refused) return refused
  return success('s-quotes-0001', 'Get quotes successfully!', {
    mdp: code,
    quotesList: asked.map(({ exchangeSegment, exchangeInstrumentID }) => ({
      exchangeSegment,
      exchangeInstrumentID: String(exchangeInstrumentID),
    })),
    listQuotes: asked.flatMap(({ instrument }) => (instrument && broker.feed.quote(code, instrument)) ?? []),
  })
}
