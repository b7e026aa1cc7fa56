import { conversionRejection } from '../state/margin'
import type { ListedInstrument } from '../universe/listed-instrument'
import { isCashSegment } from '../universe/segments'
import { refusal, success, validationFailure, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'
import { isAnswer, PRODUCTS, readOrderClient, readSegmentName, type OrderClient } from './order-fields'
import type { Call } from './route'

interface Wanted {
  readonly instrument: ListedInstrument | undefined
  readonly fromProduct: (typeof PRODUCTS)[number]
  readonly toProduct: (typeof PRODUCTS)[number]
  readonly isDayWise: boolean
  readonly quantity: number
}

/** PUT /portfolio/positions/convert: quantity goes from one product to another. The events follow by themselves. */
export function convertPosition(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.body, 'body')
  const wanted = readWanted(broker, fields)
  const client = readOrderClient(call.session.account, fields)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  if (isAnswer(client)) return client
  const { instrument } = wanted
  if (!instrument) return refusal('e-instrument-0001', 'Instrument not found')
  const problem = problemWith(broker, call, { ...wanted, instrument }, client.clientCode)
  if (problem !== undefined) return refusal(undefined, problem)
  const { account } = call.session
  const { clientCode } = client
  const conversion = broker.exchange.convert({ ...wanted, account, clientCode, instrument })
  if (!conversion) return refusal(undefined, 'Gateway:Supplied Quantity is more than the open position.')
  return converted(broker, call, wanted, client)
}

function readWanted(broker: Broker, fields: FieldReader): Wanted {
  const segment = readSegmentName(fields)
  const token = fields.number('exchangeInstrumentID', { isWhole: true })
  const fromProduct = fields.choice('oldProductType', PRODUCTS)
  const toProduct = fields.choice('newProductType', PRODUCTS)
  const isDayWise = fields.flag('isDayWise')
  const quantity = fields.number('targetQty', { isWhole: true })
  if (quantity === 0) fields.refuse('targetQty', 'must be larger than or equal to 1', 'number.min')
  fields.optionalText('statisticsLevel')
  fields.optionalFlag('isInterOpPosition')
  return {
    instrument: segment && broker.universe.find(segment, token),
    fromProduct,
    toProduct,
    isDayWise,
    quantity,
  }
}

/** Why the gateway does not convert this, in words; what the position holds is for the exchange to say. */
function problemWith(
  broker: Broker,
  { session }: Call,
  wanted: Wanted & { readonly instrument: ListedInstrument },
  clientCode: string,
): string | undefined {
  const { instrument, fromProduct, toProduct, quantity } = wanted
  if (fromProduct === toProduct) return 'Gateway:Old and new product type are the same.'
  const isDelivery = toProduct === 'CNC' || toProduct === 'MTF'
  if (isDelivery && !isCashSegment(instrument.segment)) {
    return `Gateway:Product ${toProduct} is not allowed in ${instrument.segment}.`
  }
  if (quantity % instrument.lotSize !== 0) return 'Gateway:Supplied Quantity is not in multiple of LotSize.'
  const { account } = session
  return conversionRejection({ ...wanted, account, clientCode, positions: broker.positions })
}

/** The spelling CovertedQty is the broker's; one gateway answers without a result. */
function converted(broker: Broker, { session }: Call, wanted: Wanted, client: OrderClient): Answer {
  const { instrument, fromProduct, toProduct, quantity } = wanted
  const result = {
    UserID: session.account.userId,
    ClientID: client.echo,
    OldProductType: fromProduct,
    NewProductType: toProduct,
    ExchangeSegment: instrument?.segment,
    ExchangeInstrumentId: instrument?.token,
    CovertedQty: quantity,
  }
  const isBare = broker.choices.convertResult === 'none'
  return success('s-portfolio-0005', 'success position convert', isBare ? undefined : result)
}
