import { apiKeyField, OPENALGO_EXCHANGES } from './order-fields'
import { choiceField, readFields, textField, type Values } from './request-fields'

const quotesFields = {
  apikey: apiKeyField,
  symbol: textField(),
  exchange: choiceField(OPENALGO_EXCHANGES),
}
const positionBookFields = { apikey: apiKeyField }

/** Body of `quotes`. Throws FieldsRefused. */
export function readQuotesRequest(body: unknown): Values<typeof quotesFields> {
  return readFields(quotesFields, body)
}

/** Body of `positionbook`. Throws FieldsRefused. */
export function readPositionBookRequest(body: unknown): Values<typeof positionBookFields> {
  return readFields(positionBookFields, body)
}
