import type { OrderTerms, SimOrder } from '../matching/sim-order'
import { success, validationFailure, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import { notOpen } from './change-order'
import { FieldReader } from './field-reader'
import { isAnswer, readEntryTerms, readOrderClient, readSide, readTag } from './order-fields'
import { acknowledgement } from './place-order'
import type { Call } from './route'
import { readInstrument, takePlacement, type Placement } from './take-placement'

/** POST /orders/cover: an entry, and a stop order that covers it from its first fill on. Both have their numbers now. */
export function placeCover(broker: Broker, call: Call): Answer {
  return takePlacement(broker, call, {
    read: (fields) => readCover(broker, fields),
    acknowledge: (order, clientId) =>
      success('s-orders-0001', 'Request sent', coverResult(broker, order, clientId)),
  })
}

function readCover(broker: Broker, fields: FieldReader): Placement {
  const terms: OrderTerms = readEntryTerms(fields, 'CO')
  const stopPrice = fields.number('stopPrice')
  return {
    instrument: readInstrument(broker, fields),
    side: readSide(fields),
    terms,
    tag: readTag(fields),
    apiOrderSource: fields.optionalText('apiOrderSource') ?? '',
    link: { kind: 'cover-entry', exitOrderId: broker.numbers.nextAppOrderId(), stopPrice },
  }
}

function coverResult(broker: Broker, order: SimOrder, clientId: string): object {
  const exitOrderId = order.link?.kind === 'cover-entry' ? order.link.exitOrderId : 0
  const written = (id: number): number | string => (broker.choices.coverIds === 'text' ? String(id) : id)
  return {
    EntryAppOrderID: written(order.appOrderId),
    ExitAppOrderID: written(exitOrderId),
    OrderUniqueIdentifier: order.state.tag,
    ClientID: clientId,
  }
}

/** PUT /orders/cover: the number is the exit's. What has been bought is sold at the market, the rest is withdrawn. */
export function exitCover(broker: Broker, call: Call): Answer {
  const fields = new FieldReader(call.body, 'body')
  const exitOrderId = fields.number('appOrderID', { isWhole: true })
  fields.optionalText('orderUniqueIdentifier')
  const client = readOrderClient(call.session.account, fields)
  if (fields.errors.length > 0) return validationFailure(fields.errors)
  if (isAnswer(client)) return client
  const entry = broker.exchange.links.entryOfCover(exitOrderId)
  if (entry?.clientCode !== client.clientCode || !broker.exchange.links.isAlive(entry))
    return notOpen(exitOrderId)
  broker.exchange.links.exit(entry)
  return acknowledgement(exitOrderId, entry.state.tag, client.echo)
}
