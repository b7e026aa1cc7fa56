import { isSegmentName, SEGMENT_NUMBERS } from '../universe/segments'
import { success, validationFailure, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'
import { readSegment } from './read-segment'
import type { OpenCall } from './route'

/** POST /instruments/master: the rows of the asked segments as one text. Answers without a token. */
export function readMaster(broker: Broker, call: OpenCall): Answer {
  const fields = new FieldReader(call.body, 'body')
  const wanted = fields.list('exchangeSegmentList')
  const unknown = wanted.find((name) => !isSegmentName(name))
  if (unknown !== undefined) {
    fields.refuse('exchangeSegmentList', `does not match: ${JSON.stringify(unknown)}`, 'array.includes')
  }
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  const { masterLayout: layout, isIndexInMaster: hasIndexRows } = broker.marketChoices
  const rows = broker.universe.masterText(wanted.filter(isSegmentName), { layout, hasIndexRows })
  return success('s-instrument-0010', 'instrument data', rows)
}

/** GET /instruments/indexlist?exchangeSegment=1; a number or a name. Answers without a token. */
export function readIndexList(broker: Broker, call: OpenCall): Answer {
  const fields = new FieldReader(call.query, 'query')
  const segment = readSegment(fields)
  if (fields.errors.length > 0 || !segment) return validationFailure(fields.errors)
  return success('s-instrument-0007', 'Index List successfully', {
    exchangeSegment: String(SEGMENT_NUMBERS[segment]),
    indexList: broker.universe.indexList(segment),
  })
}
