import { marginFor, marginText, marginUsed } from '../state/margin'
import { isSegmentName, segmentNamed, type SegmentName } from '../universe/segments'
import type { ListedInstrument } from '../universe/listed-instrument'
import { refusal, success, validationFailure, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'
import { isAnswer, PRODUCTS, readOrderClient } from './order-fields'
import type { Call } from './route'

/** One order whose margin is asked for. Price in rupees; 0 means the market's. */
interface Planned {
  readonly instrument: ListedInstrument | undefined
  readonly productType: string
  readonly side: 'BUY' | 'SELL'
  readonly quantity: number
  readonly price: number
}

/** The order types of this call; cover and bracket products too, since it is asked before they are placed. */
const ORDER_TYPES = ['MARKET', 'LIMIT', 'STOPLIMIT', 'STOPMARKET'] as const
const PLANNED_PRODUCTS = [...PRODUCTS, 'CO', 'BO'] as const
/** Orders of one question. */
const MOST_ORDERS = 50

/** POST /orders/margindetails and its sisters: what these orders would hold. The spelling brokerageDeatils is the broker's. */
export function calculateMargin(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.body, 'body')
  const orders = fields.items('portfolio', MOST_ORDERS).map((item) => readPlanned(broker, item))
  const client = readOrderClient(call.session.account, fields, 'optional')
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  if (isAnswer(client)) return client
  let required = 0
  for (const { instrument, ...terms } of orders) {
    if (!instrument) return refusal('e-instrument-0001', 'Instrument not found')
    const price = terms.price > 0 ? terms.price : broker.exchange.market(instrument).tape.lastPrice
    required += marginFor({ ...terms, instrument, price })
  }
  const limit = call.session.account.cashRupees
  const available = limit - marginUsed(broker.positions.ofClient(client.clientCode))
  const isValid = required <= available
  const { clientCode } = client
  return success('s-calculatemargin-0001', 'Success margin calculation', {
    brokerageDeatils: {
      IsValid: isValid,
      MarginRequired: paise(required),
      MarginAvailable: paise(available),
      MarginShortfall: paise(Math.max(0, required - available)),
      ErrorMessage: isValid ? '' : marginText({ limit, required, available, clientCode }),
    },
  })
}

function readPlanned(broker: Broker, item: FieldReader): Planned {
  const segment = readSegmentNumber(item, 'exchange')
  const token = item.number('exchangeInstrumentId', { isWhole: true })
  const productType = item.choice('productType', PLANNED_PRODUCTS)
  item.choice('orderType', ORDER_TYPES, true)
  const side = item.choice('orderSide', ['BUY', 'SELL'])
  const quantity = item.number('quantity', { isWhole: true })
  const price = item.number('price')
  item.optionalNumber('stopPrice')
  item.optionalNumber('orderSessionType')
  return { instrument: segment && broker.universe.find(segment, token), productType, side, quantity, price }
}

/** The segment as these calls name it: by number, and by name too. */
export function readSegmentNumber(item: FieldReader, name: string): SegmentName | undefined {
  const asked = item.oneOf(name, (value) => (isSegmentName(value) ? value : segmentNamed(Number(value))))
  return asked
}

const paise = (rupees: number): number => Math.round(rupees * 100) / 100
