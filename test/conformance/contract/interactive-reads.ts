import { asList, asRecord, envelopeOf, expectError, expectFields, resultOf, rowsOf } from './contract-checks'
import type { ContractSessions } from './contract-sessions'
import { ORDER_ROW, POSITION_ROW, TRADE_ROW } from './documented-fields'

type Sessions = () => ContractSessions

/** What the order API answers without changing anything. */
export function interactiveReads(sessions: Sessions): void {
  describe('interactive reads', () => {
    it('lists the enumerations, misspelt as the broker spells them', async () => {
      const { userId } = sessions()
      const enums = asRecord(resultOf(await sessions().interactive('GET', `/user/enums?userID=${userId}`)))
      expect(enums['orderSide']).toEqual(['BUY', 'SELL'])
      expect(enums['dayOrNet']).toEqual(['DAY', 'NET'])
      expect(asList(enums['positionSqureOffMode'])).toContain('NetWise')
      expect(asList(enums['socketEvent'])).toEqual(expect.arrayContaining(['joined', 'order', 'trade']))
    })

    it('tells the balance under ALL|ALL|ALL, with its misspelt margins', async () => {
      const { isInvestorClient, userId } = sessions()
      const query = isInvestorClient ? '' : `?clientID=${encodeURIComponent(userId)}`
      const result = asRecord(resultOf(await sessions().interactive('GET', `/user/balance${query}`)))
      const rows = asList(result['BalanceList']).map(asRecord)
      const whole = rows.find((row) => row['limitHeader'] === 'ALL|ALL|ALL') ?? rows[0]
      const limits = asRecord(whole?.['limitObject'])
      const own = asRecord(limits['RMSSubLimits'])
      for (const name of ['cashAvailable', 'marginUtilized', 'netMarginAvailable']) {
        expect([name, String(own[name])]).toEqual([name, expect.stringMatching(/^(?:-?[\d,.]+|NaN)$/)])
      }
      expect(asRecord(limits['marginAvailable'])).toEqual(
        expect.objectContaining({ NotinalCash: expect.anything(), CNCSellBenifit: expect.anything() }),
      )
      expect(typeof limits['AccountID']).toBe('string')
    })

    it.each([
      ['order book', '/orders', 'e-orders-0005', ORDER_ROW],
      ['trade book', '/orders/trades', 'e-tradeBook-0005', TRADE_ROW],
    ] as const)('answers the %s with documented rows, or as empty', async (_, path, emptyCode, fields) => {
      const answer = await sessions().interactive('GET', path + sessions().bookQuery())
      for (const row of rowsOf(answer, emptyCode)) expectFields(row, fields)
    })

    it.each(['DayWise', 'NetWise'])(
      'answers %s positions with documented rows, or as empty',
      async (book) => {
        const query = sessions().bookQuery({ dayOrNet: book })
        const answer = await sessions().interactive('GET', `/portfolio/positions${query}`)
        for (const row of rowsOf(answer, 'e-portfolio-0005')) {
          expectFields(row, POSITION_ROW)
          // A row whose figures do not add up would make every profit and loss wrong.
          const number = (name: string): number => Number(String(row[name]).replaceAll(',', ''))
          expect(number('Quantity')).toBe(number('OpenBuyQuantity') - number('OpenSellQuantity'))
          expect(number('NetAmount')).toBeCloseTo(number('SellAmount') - number('BuyAmount'), 1)
        }
      },
    )

    it('answers holdings with a map by ISIN or a list, or the error page of a pro account', async () => {
      const answer = await sessions().interactive('GET', `/portfolio/holdings${sessions().bookQuery()}`)
      if (answer.status === 500) return expect(answer.contentType).toMatch(/html/)
      const envelope = envelopeOf(answer)
      if (envelope.type !== 'success') return expect(envelope.code).toMatch(/^e-holdings?-/)
      const result = asRecord(envelope.result)
      expect(typeof result['ClientId']).toBe('string')
      expect('RMSHoldings' in result || 'RMSHoldingList' in result).toBe(true)
    })

    it('tells the session of each market, and its messages', async () => {
      const { userId } = sessions()
      const status = resultOf(await sessions().interactive('GET', `/status/exchange?userID=${userId}`))
      const rows = asList(asRecord(status)['marketStatus']).map(asRecord)
      expect(rows.length).toBeGreaterThan(0)
      for (const row of rows) {
        expectFields(row, [
          ['exchangeSegment', 'text'],
          ['exchangeMarketType', 'text'],
          ['exchangeTradingSession', 'text'],
        ])
      }
      const messages = resultOf(
        await sessions().interactive('GET', '/messages/exchange?exchangeSegment=NSECM'),
      )
      for (const message of asList(asRecord(messages)['messageList']).map(asRecord)) {
        expect(message).toEqual(expect.objectContaining({ BroadcastMessage: expect.any(String) }))
      }
    })

    it('refuses the history of an order that is not there', async () => {
      const query = sessions().bookQuery({ appOrderID: '1' })
      expectError(await sessions().interactive('GET', `/orders${query}`), { code: /^e-orders-000[15]$/ })
    })

    it('answers a path that is not there with something that is no envelope', async () => {
      const answer = await sessions().interactive('GET', '/trades')
      expect(answer.status).toBe(404)
      expect(() => envelopeOf(answer)).toThrow()
    })
  })
}
