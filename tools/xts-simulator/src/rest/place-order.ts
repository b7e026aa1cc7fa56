import { success, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import { readSide, readTag, readTerms } from './order-fields'
import type { Call } from './route'
import { readInstrument, takePlacement } from './take-placement'

export { ALGO_REFUSAL } from './take-placement'

/** POST /orders. Success means received: what the risk system and the exchange think follows by events. */
export function placeOrder(broker: Broker, call: Call): Answer {
  return takePlacement(broker, call, {
    read: (fields) => ({
      instrument: readInstrument(broker, fields),
      side: readSide(fields),
      terms: readTerms(fields, 'place'),
      tag: readTag(fields),
      apiOrderSource: fields.optionalText('apiOrderSource') ?? '',
    }),
    acknowledge: ({ appOrderId, state }, clientId) => acknowledgement(appOrderId, state.tag, clientId),
  })
}

export function acknowledgement(appOrderId: number, tag: string, clientId: string): Answer {
  return success('s-orders-0001', 'Request sent', {
    AppOrderID: appOrderId,
    OrderUniqueIdentifier: tag,
    ClientID: clientId,
  })
}
