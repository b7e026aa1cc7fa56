import { AppError } from '@xts-bridge/contracts'
import type { CallerContext } from './house-account'
import type { OrderRecord } from './order-record'
import type { OrderRecords } from './order-records'
import { maySee } from './read-order'

export interface OrderName {
  readonly orderId?: string | undefined
  readonly brokerOrderId?: string | undefined
  readonly clientOrderId?: string | undefined
}

/** The order a request names and its caller may act for. Throws ORDER_NOT_FOUND, also for what the caller may not see. */
export function findOrder(
  records: OrderRecords,
  asked: OrderName,
  { caller }: Pick<CallerContext, 'caller'>,
): OrderRecord {
  const record = named(records, asked)
  if (record !== undefined && maySee(caller.clientIDs, record.facts.order.clientID)) return record
  const field = (['orderId', 'brokerOrderId', 'clientOrderId'] as const).find(
    (name) => asked[name] !== undefined,
  )
  throw new AppError('ORDER_NOT_FOUND', { field, value: field && asked[field] })
}

function named(records: OrderRecords, asked: OrderName): OrderRecord | undefined {
  if (asked.orderId !== undefined) return records.find(asked.orderId)
  if (asked.brokerOrderId !== undefined) return records.findBrokerOrder(asked.brokerOrderId)
  return records.findClientOrder(asked.clientOrderId ?? '').at(0)
}
