import { asList, asRecord, expectError, expectFields, isRecord, resultOf } from './contract-checks'
import type { ContractSessions } from './contract-sessions'
import { readJson } from './broker-wire'
import { TOUCHLINE } from './documented-fields'

const NIFTY_50 = { exchangeSegment: 1, exchangeInstrumentID: 26000 } as const
const DEPTH_ROW = ['Size', 'Price', 'TotalOrders']
/** Cells of a master row by instrument type: shares, options, futures and spreads. Older gateways leave out the tail. */
const MASTER_CELLS: Readonly<Record<string, readonly number[]>> = {
  '1': [21, 17, 18],
  '2': [23, 19],
  '4': [21, 17, 18],
  '8': [22, 14],
}

/** What the market-data API answers; its subscriptions are taken back at once. */
export function marketReads(sessions: () => ContractSessions): void {
  const market = (method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown) =>
    sessions().market(method, path, body)
  const share = () => {
    const { segmentNumber, token } = sessions().target.share
    return { exchangeSegment: segmentNumber, exchangeInstrumentID: token }
  }
  const quote = async (xtsMessageCode: number, instruments: readonly object[]) => {
    const body = { instruments, xtsMessageCode, publishFormat: 'JSON' }
    const result = asRecord(resultOf(await market('POST', '/instruments/quotes', body)))
    expect(result['mdp']).toBe(xtsMessageCode)
    return asList(result['listQuotes'])
      .filter((text) => text !== null)
      .map((text) => asRecord(typeof text === 'string' ? readJson(text) : text))
  }

  describe('market-data reads', () => {
    it('tells its codes and enumerations', async () => {
      const config = asRecord(resultOf(await market('GET', '/config/clientConfig')))
      expect(asRecord(config['exchangeSegments'])['NSECM']).toBe(1)
      expect(Object.values(asRecord(config['xtsMessageCode']))).toEqual(expect.arrayContaining([1501, 1502]))
    })

    it('lists its indices as name and token with an underscore between', async () => {
      const result = asRecord(resultOf(await market('GET', '/instruments/indexlist?exchangeSegment=1')))
      const indices = asList(result['indexList'])
      expect(indices).toContain('NIFTY 50_26000')
      for (const index of indices) expect(index).toEqual(expect.stringMatching(/^.+_\d+$/))
    })

    it('gives the master as one text, each row with the cells of its instrument type', async () => {
      const { share: wanted } = sessions().target
      const body = { exchangeSegmentList: [wanted.segment] }
      const text = resultOf(await market('POST', '/instruments/master', body))
      const rows = String(text)
        .split('\n')
        .filter((row) => row !== '')
        .map((row) => row.split('|'))
      const wrong = rows.filter(([segment, , type = '', ...rest]) => {
        const allowed = MASTER_CELLS[type]
        return segment !== wanted.segment || (allowed !== undefined && !allowed.includes(rest.length + 3))
      })
      expect(wrong.slice(0, 3)).toEqual([])
      expect(rows.filter(([, token]) => token === String(wanted.token))).toHaveLength(1)
    })

    it('quotes a touchline, flat or nested, as JSON texts', async () => {
      const [message] = await quote(1501, [share()])
      if (message === undefined) return expectClosedMarket()
      const figures = isRecord(message['Touchline']) ? message['Touchline'] : message
      expect([message['ExchangeSegment'], message['ExchangeInstrumentID']]).toEqual(Object.values(share()))
      expectFields(figures, TOUCHLINE)
      expect(Number(figures['High'])).toBeGreaterThanOrEqual(Number(figures['Low']))
      for (const side of ['BidInfo', 'AskInfo']) {
        expect(Object.keys(asRecord(figures[side])).slice(0, 3)).toEqual(DEPTH_ROW)
      }
    })

    it('quotes an index with an empty book', async () => {
      const [message] = await quote(1501, [NIFTY_50])
      if (message === undefined) return expectClosedMarket()
      const figures = isRecord(message['Touchline']) ? message['Touchline'] : message
      expect(Number(figures['LastTradedPrice'])).toBeGreaterThan(0)
      expect(asRecord(figures['BidInfo'])['Price']).toBe(0)
    })

    it('quotes a depth of five levels a side', async () => {
      const [message] = await quote(1502, [share()])
      if (message === undefined) return expectClosedMarket()
      for (const side of ['Bids', 'Asks']) {
        const levels = asList(message[side]).map(asRecord)
        expect(levels).toHaveLength(5)
        for (const level of levels) expect(Object.keys(level).slice(0, 3)).toEqual(DEPTH_ROW)
      }
      expectFields(asRecord(message['Touchline']), TOUCHLINE)
    })

    it('quotes the last price alone', async () => {
      const [message] = await quote(1512, [share()])
      if (message === undefined) return expectClosedMarket()
      expectFields(message, [
        ['MessageCode', 'number'],
        ['ExchangeSegment', 'number'],
        ['ExchangeInstrumentID', 'number'],
        ['LastTradedPrice', 'number'],
        ['LastTradedQunatity', 'number'],
        ['LastUpdateTime', 'number'],
      ])
    })

    it('refuses a second subscription of the same code as a whole, and counts down what remains', async () => {
      const body = { instruments: [share()], xtsMessageCode: 1512 }
      const first = asRecord(resultOf(await market('POST', '/instruments/subscription', body)))
      const again = await market('POST', '/instruments/subscription', {
        ...body,
        instruments: [share(), NIFTY_50],
      })
      const undone = asRecord(resultOf(await market('PUT', '/instruments/subscription', body)))
      expect(typeof first['Remaining_Subscription_Count']).toBe('number')
      expectError(again, { code: /^e-session-0002$/, description: /Already Subscribed/ })
      const remaining = undone['Remaining_Subscription_Count']
      if (typeof remaining === 'number')
        expect(remaining).toBe(Number(first['Remaining_Subscription_Count']) + 1)
    })

    it('gives candles as one text under its misspelt key', async () => {
      const { segmentNumber, token } = sessions().target.share
      const { from, to } = lastWeek()
      const query = new URLSearchParams({
        exchangeSegment: String(segmentNumber),
        exchangeInstrumentID: String(token),
        startTime: from,
        endTime: to,
        compressionValue: '900',
      }).toString()
      const result = asRecord(resultOf(await market('GET', `/instruments/ohlc?${query}`)))
      const text = String(result['dataReponse'] ?? result['dataResponse'])
      const bars = text.split(',').filter((bar) => bar !== '')
      for (const bar of bars) expect(bar).toMatch(/^\d{10}(?:\|\d+(?:\.\d+)?){4}\|\d+\|\d+\|$/)
      expect(bars.length).toBeGreaterThan(0)
    })

    it('finds the share by its id and by its name', async () => {
      const body = { source: 'WebAPI', instruments: [share()] }
      const byId = asList(resultOf(await market('POST', '/search/instrumentsbyid', body))).map(asRecord)
      expect(byId.map((found) => found['ExchangeInstrumentID'])).toEqual([sessions().target.share.token])
      expectFields(byId[0] ?? {}, [
        ['InstrumentID', 'number'],
        ['DisplayName', 'text'],
        ['LotSize', 'number'],
        ['InstrumentType', 'number'],
        ['TickSize', 'number'],
        ['PriceBand', 'object'],
      ])
      const byName = resultOf(await market('GET', '/search/instruments?searchString=RELIANCE'))
      expect(asList(byName).length).toBeGreaterThan(0)
    })
  })

  /** At night gateways quote nothing; our simulator never closes. */
  function expectClosedMarket(): void {
    expect(sessions().target.isLive).toBe(true)
  }
}

/** Seven days in the broker's spelling of Indian time. */
function lastWeek(): { readonly from: string; readonly to: string } {
  const spell = (atMs: number): string => {
    const [, day, month, year, clock = ''] = new Date(atMs + 19_800_000).toUTCString().split(' ')
    return `${month} ${day} ${year} ${clock.replaceAll(':', '')}`
  }
  return { from: spell(Date.now() - 7 * 86_400_000), to: spell(Date.now()) }
}
