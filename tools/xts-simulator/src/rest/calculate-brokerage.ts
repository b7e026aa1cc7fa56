import { chargesOf, sumOf, type Charges } from '../state/charges'
import type { ListedInstrument } from '../universe/listed-instrument'
import { refusal, success, validationFailure, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import { readSegmentNumber } from './calculate-margin'
import { FieldReader } from './field-reader'
import { isAnswer, PRODUCTS, readOrderClient } from './order-fields'
import type { Call } from './route'

interface Deal {
  readonly instrument: ListedInstrument | undefined
  readonly productType: string
  readonly side: 'BUY' | 'SELL'
  readonly quantity: number
  readonly price: number
}

const MOST_ORDERS = 50

/** POST /user/calculatebrokerage: what trading these orders would cost, all together. */
export function calculateBrokerage(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.body, 'body')
  const deals = fields.items('brokerageOrderInformation', MOST_ORDERS).map((item) => readDeal(broker, item))
  const client = readOrderClient(call.session.account, fields)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  if (isAnswer(client)) return client
  const charges: Charges[] = []
  for (const { instrument, ...deal } of deals) {
    if (!instrument) return refusal('e-instrument-0001', 'Instrument not found')
    charges.push(chargesOf({ ...deal, instrument }))
  }
  return success('s-user-0003', 'OK', {
    AppOrderID: 0,
    OrderUniqueIdentifier: '',
    ClientID: client.echo,
    ...sumOf(charges),
  })
}

function readDeal(broker: Broker, item: FieldReader): Deal {
  const segment = readSegmentNumber(item, 'exchangeSegment')
  const token = item.number('exchangeInstrumentID', { isWhole: true })
  return {
    instrument: segment && broker.universe.find(segment, token),
    productType: item.choice('productType', PRODUCTS),
    side: item.choice('orderSide', ['BUY', 'SELL']),
    quantity: item.number('orderQty', { isWhole: true }),
    price: item.number('orderPrice'),
  }
}
