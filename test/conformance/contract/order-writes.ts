import { asRecord, expectError, expectFields, resultOf, rowsOf } from './contract-checks'
import type { ContractSessions } from './contract-sessions'
import { readJson } from './broker-wire'
import { ORDER_ROW } from './documented-fields'
import { eventually } from '../../support/eventually'

/** So far under the market that nothing sells to it, and inside the narrowest usual band. */
const FAR_BELOW = 0.96
const SETTLED_WITHIN_MS = 15_000

/**
 * One share bought far below its price, changed and cancelled: the only orders of this suite. It never sends a market
 * order, never sells, never has two orders at a time, and cancels what it placed also when a check failed.
 */
export function orderWrites(sessions: () => ContractSessions): void {
  const tag = `contract${Date.now().toString(36)}`
  let appOrderId = 0
  let price = 0

  const interactive = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) =>
    sessions().interactive(method, path, body)
  const order = (changes: object = {}): object => ({
    exchangeSegment: sessions().target.share.segment,
    exchangeInstrumentID: sessions().target.share.token,
    productType: 'MIS',
    orderType: 'LIMIT',
    orderSide: 'BUY',
    timeInForce: 'DAY',
    disclosedQuantity: 0,
    orderQuantity: 1,
    limitPrice: price,
    stopPrice: 0,
    orderUniqueIdentifier: tag,
    ...sessions().orderClient(),
    ...changes,
  })
  const history = async () => {
    const query = sessions().bookQuery({ appOrderID: String(appOrderId) })
    return rowsOf(await interactive('GET', `/orders${query}`), 'e-orders-000[15]')
  }
  const reaches = (status: string) =>
    eventually(`the order is ${status}`, SETTLED_WITHIN_MS, async () => {
      const last = (await history()).at(-1)
      return last?.['OrderStatus'] === status ? last : undefined
    })
  const cancelQuery = (): string =>
    new URLSearchParams({ appOrderID: String(appOrderId), ...sessions().orderClient() }).toString()

  describe('orders', () => {
    beforeAll(async () => {
      price = Math.floor((await lastPrice(sessions())) * FAR_BELOW)
    })
    afterAll(async () => {
      if (appOrderId !== 0) await interactive('DELETE', `/orders?${cancelQuery()}`)
    })

    it('refuses a wrong side with the field, the message and the type of the fault', async () => {
      const answer = await interactive('POST', '/orders', order({ orderSide: 'Buy' }))
      const { result } = expectError(answer, {
        code: /^e-property-validation-failed$/,
        description: 'Bad Request',
      })
      expect(asRecord(result)['errors']).toEqual([
        expect.objectContaining({
          field: ['orderSide'],
          messages: [expect.stringContaining('must be one of [BUY, SELL]')],
          types: ['any.allowOnly'],
        }),
      ])
    })

    it('refuses an order of an instrument that is not there', async () => {
      const answer = await interactive('POST', '/orders', order({ exchangeInstrumentID: 999_999_999 }))
      expectError(answer, {})
    })

    it('acknowledges a placement with its number and tag', async () => {
      const result = asRecord(resultOf(await interactive('POST', '/orders', order())))
      appOrderId = Number(result['AppOrderID'])
      expect(result).toEqual({
        AppOrderID: expect.any(Number),
        OrderUniqueIdentifier: tag,
        ClientID: expect.any(String),
      })
    })

    it('has it in history and book, confirmed by the exchange', async () => {
      expectFields(await reaches('New'), ORDER_ROW)
      const book = rowsOf(await interactive('GET', `/orders${sessions().bookQuery()}`), 'e-orders-0005')
      const mine = book.filter((row) => row['OrderUniqueIdentifier'] === tag)
      expect(mine.map((row) => [row['AppOrderID'], row['LeavesQuantity']])).toEqual([[appOrderId, 1]])
    })

    it('modifies it under the same number', async () => {
      const body = {
        appOrderID: appOrderId,
        modifiedProductType: 'MIS',
        modifiedOrderType: 'LIMIT',
        modifiedOrderQuantity: 1,
        modifiedDisclosedQuantity: 0,
        modifiedLimitPrice: price - 1,
        modifiedStopPrice: 0,
        modifiedTimeInForce: 'DAY',
        orderUniqueIdentifier: tag,
        ...sessions().orderClient(),
      }
      const result = asRecord(resultOf(await interactive('PUT', '/orders', body)))
      expect(result['AppOrderID']).toBe(appOrderId)
      expect((await reaches('Replaced'))['OrderPrice']).toBe(price - 1)
    })

    it('cancels it, and refuses to cancel it twice', async () => {
      resultOf(await interactive('DELETE', `/orders?${cancelQuery()}`))
      expect((await reaches('Cancelled'))['LeavesQuantity']).toBe(1)
      expectError(await interactive('DELETE', `/orders?${cancelQuery()}`), {})
      appOrderId = 0
    })
  })
}

async function lastPrice(sessions: ContractSessions): Promise<number> {
  const { segmentNumber, token } = sessions.target.share
  const instruments = [{ exchangeSegment: segmentNumber, exchangeInstrumentID: token }]
  const body = { instruments, xtsMessageCode: 1512, publishFormat: 'JSON' }
  const result = asRecord(resultOf(await sessions.market('POST', '/instruments/quotes', body)))
  const [text] = result['listQuotes'] as unknown[]
  const price = Number(asRecord(typeof text === 'string' ? readJson(text) : text)['LastTradedPrice'])
  if (!(price > 0)) throw new Error('the share has no price now, so no order is placed')
  return price
}
