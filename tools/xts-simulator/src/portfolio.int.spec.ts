import io from 'socket.io-client'
import { startSimulator, type RunningSimulator } from './index'
import type { SimulatorOptions } from './options'
import { XtsClient, type XtsSocket } from './testing/xts-client'

const KEYS = { appKey: 'ik', secretKey: 'i$ecret' }
const ORDER = {
  exchangeSegment: 'NSECM', exchangeInstrumentID: 2885, productType: 'MIS', orderType: 'MARKET', orderSide: 'BUY',
  timeInForce: 'DAY', disclosedQuantity: 0, orderQuantity: 10, limitPrice: 0, stopPrice: 0, orderUniqueIdentifier: 't',
} // prettier-ignore
const RELIANCE = { exchangeSegment: 'NSECM', exchangeInstrumentID: 2885 }
const CARRIED = {
  segment: 'NSECM',
  token: 2885,
  productType: 'CNC',
  quantity: 6,
  averagePrice: 1312.4,
} as const
const HOLDING = {
  isin: 'INE002A01018',
  nseToken: 2885,
  bseToken: 500_325,
  quantity: 10,
  averagePrice: 1312.4,
}

type Row = Record<string, string>

describe('the portfolio of a retail login', () => {
  let simulator: RunningSimulator
  let client: XtsClient
  let socket: XtsSocket

  const start = async (options: SimulatorOptions = {}): Promise<void> => {
    simulator = await startSimulator({
      port: 0, controlPort: 0, universe: 'small', interactiveKey: KEYS.appKey, interactiveSecret: KEYS.secretKey,
      ...options,
    }) // prettier-ignore
    client = new XtsClient(`http://127.0.0.1:${simulator.port}`, io)
    await client.login('/interactive/user/session', { ...KEYS, source: 'WebAPI' })
    socket = client.openSocket('/interactive/socket.io', { apiType: 'INTERACTIVE' })
    await socket.hears('joined')
  }

  afterEach(async () => {
    client.close()
    await simulator.close()
  })

  const trade = async (change: object = {}): Promise<void> => {
    const already = socket.messages('order').filter(isFilled).length
    await client.call('POST', '/interactive/orders', { ...ORDER, ...change })
    await socket.until(() => socket.messages('order').filter(isFilled).length > already)
  }
  const isFilled = (order: Record<string, unknown>): boolean => order['OrderStatus'] === 'Filled'

  const positions = async (book: 'DayWise' | 'NetWise'): Promise<Row[]> => {
    const answer = await client.call('GET', `/interactive/portfolio/positions?dayOrNet=${book}`)
    return ((answer.body?.result as { positionList?: Row[] }).positionList ?? []).map((row) => row)
  }
  const quantities = async (book: 'DayWise' | 'NetWise'): Promise<Record<string, string | undefined>> =>
    Object.fromEntries((await positions(book)).map((row) => [row['ProductType'] ?? '', row['Quantity']]))

  it('shows what was carried over in the net book only, in the documented row', async () => {
    await start({ carriedPositions: [CARRIED] })
    expect(await client.call('GET', '/interactive/portfolio/positions?dayOrNet=DayWise')).toMatchObject({
      status: 400,
      body: { type: 'error', code: 'e-portfolio-0005', description: 'Data Not Available' },
    })
    const answer = await client.call('GET', '/interactive/portfolio/positions?dayOrNet=NetWise')
    // documented: the position example of the protocol reference, with these figures
    const row = {
      AccountID: 'SIM0001', TradingSymbol: 'RELIANCE', ExchangeSegment: 'NSECM', ExchangeInstrumentId: '2885',
      ProductType: 'CNC', Marketlot: '1', Multiplier: '1', BuyAveragePrice: '1,312.40', SellAveragePrice: '0.00',
      OpenBuyQuantity: '6', OpenSellQuantity: '0', Quantity: '6', BuyAmount: '7,874.40', SellAmount: '0.00',
      NetAmount: '-7,874.40', UnrealizedMTM: '0.00', RealizedMTM: '0.00', MTM: '0.00', BEP: '1,312.40',
      SumOfTradedQuantityAndPriceBuy: '7,874.40', SumOfTradedQuantityAndPriceSell: '0.00',
      StatisticsLevel: 'ParentLevel', IsInterOpPosition: false, childPositions: {}, MessageCode: 9002,
      MessageVersion: 1, TokenID: 0, ApplicationType: 0, SequenceNumber: 0,
    } // prettier-ignore
    expect(answer.text).toBe(
      JSON.stringify({
        type: 'success', code: 's-portfolio-0001', description: 'Success position', result: { positionList: [row] },
      }), // prettier-ignore
    )
    await trade({ productType: 'CNC', orderQuantity: 4 })
    expect(await quantities('DayWise')).toEqual({ CNC: '4' })
    expect(await quantities('NetWise')).toEqual({ CNC: '10' })
  })

  it('converts a part to another product, tells it, and shows both', async () => {
    await start()
    await trade()
    const body = {
      ...RELIANCE,
      oldProductType: 'MIS',
      newProductType: 'CNC',
      isDayWise: true,
      targetQty: '4',
    }
    const answer = await client.call('PUT', '/interactive/portfolio/positions/convert', body)
    expect(answer.status).toBe(200)
    expect(answer.text).toBe(
      JSON.stringify({
        type: 'success', code: 's-portfolio-0005', description: 'success position convert',
        result: {
          UserID: 'SIM0001', ClientID: 'SIM0001', OldProductType: 'MIS', NewProductType: 'CNC',
          ExchangeSegment: 'NSECM', ExchangeInstrumentId: 2885, CovertedQty: 4,
        },
      }), // prettier-ignore
    )
    expect(await quantities('NetWise')).toEqual({ MIS: '6', CNC: '4' })
    const [mis, cnc] = await positions('NetWise')
    expect(cnc?.['BuyAveragePrice']).toBe(mis?.['BuyAveragePrice'])
    await socket.hears('tradeConversion')
    expect(socket.messages('tradeConversion')).toMatchObject([
      { Success: true, OriginalProduct: 'MIS', TargetProduct: 'CNC', Status: 'PositionConverted' },
    ])
    await socket.until(() => socket.messages('position').length === 6)
  })

  it.each<[string, object, object]>([
    [
      'more than is open',
      { targetQty: 11 },
      { description: 'Gateway:Supplied Quantity is more than the open position.' },
    ],
    [
      'to the same product',
      { newProductType: 'MIS' },
      { description: 'Gateway:Old and new product type are the same.' },
    ],
    ['an instrument nobody knows', { exchangeInstrumentID: 99 }, { code: 'e-instrument-0001' }],
    ['for somebody else', { clientID: 'OTHER' }, { description: 'Supplied client not mapped under dealer' }],
  ])('does not convert %s', async (_, change, expected) => {
    await start()
    await trade()
    const body = {
      ...RELIANCE,
      oldProductType: 'MIS',
      newProductType: 'CNC',
      isDayWise: false,
      targetQty: 1,
      ...change,
    }
    const answer = await client.call('PUT', '/interactive/portfolio/positions/convert', body)
    expect(answer).toMatchObject({ status: 400, body: { type: 'error', ...expected } })
    expect(await quantities('NetWise')).toEqual({ MIS: '10' })
  })

  it('squares off a share of a position with an ordinary market order', async () => {
    await start()
    await trade()
    const body = {
      ...RELIANCE, productType: 'MIS', squareoffMode: 'DayWise', positionSquareOffQuantityType: 'Percentage',
      squareOffQtyValue: 45, blockOrderSending: true, cancelOrders: true,
    } // prettier-ignore
    const answer = await client.call('PUT', '/interactive/portfolio/squareoff', body)
    expect(answer.body?.result).toEqual({
      UserID: 'SIM0001', SqureOffmode: 'DayWise', AccountID: 'SIM0001', ExchangeSegment: 'NSECM', InstrumentID: 2885,
      RMSProduct: 'MIS', PositionSquareOffQuantityType: 'Percentage', SquareOffQtyValue: 45, SquareOffPriceValue: 0,
      IsOperationSuccess: true,
    }) // prettier-ignore
    await socket.until(() => socket.messages('order').filter(isFilled).length === 2)
    expect(await quantities('DayWise')).toEqual({ MIS: '6' })
    const orders = (await client.call('GET', '/interactive/orders')).body?.result as Row[]
    expect(orders.at(-1)).toMatchObject({ OrderSide: 'SELL', OrderType: 'Market', OrderQuantity: 4 })
  })

  it('cancels the working orders of a position that it squares off, if told', async () => {
    await start()
    await trade()
    await client.call('POST', '/interactive/orders', { ...ORDER, orderType: 'LIMIT', limitPrice: 1400 })
    await socket.until(() => socket.messages('order').some((order) => order['OrderType'] === 'Limit' && order['OrderStatus'] === 'New')) // prettier-ignore
    const body = {
      ...RELIANCE, productType: 'MIS', squareoffMode: 'NetWise', positionSquareOffQuantityType: 'ExactQty',
      squareOffQtyValue: '10', blockOrderSending: false, cancelOrders: true,
    } // prettier-ignore
    await client.call('PUT', '/interactive/portfolio/squareoff', body)
    await socket.until(() => socket.messages('order').some((order) => order['OrderStatus'] === 'Cancelled'))
    await socket.until(() => socket.messages('order').filter(isFilled).length === 2)
    expect(await quantities('NetWise')).toEqual({ MIS: '0' })
  })

  it('squares off everything, carried positions only in the net mode', async () => {
    await start({ carriedPositions: [CARRIED] })
    await trade()
    const all = (squareoffMode: string) =>
      client.call('PUT', '/interactive/portfolio/squareoffall', { squareoffMode })
    expect((await all('DayWise')).body).toMatchObject({ type: 'success', result: '' })
    await socket.until(() => socket.messages('order').filter(isFilled).length === 2)
    expect(await quantities('NetWise')).toEqual({ CNC: '6', MIS: '0' })
    await all('NetWise')
    await socket.until(() => socket.messages('order').filter(isFilled).length === 3)
    expect(await quantities('NetWise')).toEqual({ CNC: '0', MIS: '0' })
  })

  it.each<[string, object, RegExp]>([
    ['more than is open', { squareOffQtyValue: 11 }, /more than the open position/],
    ['a product without position', { productType: 'NRML' }, /Position is not open/],
  ])('does not square off %s', async (_, change, words) => {
    await start()
    await trade()
    const body = {
      ...RELIANCE, productType: 'MIS', squareoffMode: 'NetWise', positionSquareOffQuantityType: 'ExactQty',
      squareOffQtyValue: 1, ...change,
    } // prettier-ignore
    const answer = await client.call('PUT', '/interactive/portfolio/squareoff', body)
    expect(answer).toMatchObject({ status: 400, body: { type: 'error' } })
    expect(answer.body?.description).toMatch(words)
    expect(await quantities('NetWise')).toEqual({ MIS: '10' })
  })

  it('answers every wrong field of a body at once, in the words of the broker', async () => {
    await start()
    const wrong = (path: string, body: object): Promise<unknown> =>
      client.call('PUT', `/interactive/portfolio/${path}`, body).then(({ status, body: answer }) => {
        expect([status, answer?.code]).toEqual([400, 'e-property-validation-failed'])
        const { errors } = answer?.result as {
          errors: { field: string[]; messages: string[]; types: string[] }[]
        }
        return errors.map((error) => `${error.field.join('.')} ${error.types.join()}`)
      })
    expect(await wrong('positions/convert', { exchangeSegment: 'NOPE', newProductType: 7, isDayWise: 'x', targetQty: 0 })).toEqual([
      'exchangeSegment any.allowOnly', 'exchangeInstrumentID any.required', 'oldProductType any.required',
      'newProductType any.allowOnly', 'isDayWise boolean.base', 'targetQty number.min',
    ]) // prettier-ignore
    expect(await wrong('squareoff', { squareOffQtyValue: -1, positionSquareOffQuantityType: 'All', squareoffMode: 1 })).toEqual([
      'exchangeSegment any.required', 'exchangeInstrumentID any.required', 'productType any.required',
      'squareoffMode any.allowOnly', 'positionSquareOffQuantityType any.allowOnly', 'squareOffQtyValue number.min',
    ]) // prettier-ignore
    expect(await wrong('squareoffall', [])).toEqual(['squareoffMode any.required'])
  })

  it('shows holdings as a map, and as lists where that is chosen', async () => {
    await start({ holdings: [HOLDING] })
    const read = async (): Promise<{ text: string; result: unknown }> => {
      const { text, body } = await client.call('GET', '/interactive/portfolio/holdings')
      return { text, result: body?.result }
    }
    const { text } = await read()
    const [, createdOn = ''] = /"CreatedOn":"([^"]+)"/.exec(text) ?? []
    expect(createdOn).toMatch(/^\d{4}-\d\d-\d\dT08:00:00$/)
    // documented: the holdings example of the protocol reference, with these figures
    const inner = {
      ISIN: 'INE002A01018', RMSHoldingId: 1, ClientId: 'SIM0001', ExchangeNSEInstrumentId: 2885,
      ExchangeBSEInstrumentId: 500_325, ExchangeMSEInstrumentId: 0, HoldingType: 'Holdings', HoldingQuantity: 10,
      CollateralValuationType: 'NONE', Haircut: 0, CollateralQuantity: 0, PledgeQuantity: 0, CreatedBy: 'ADMIN',
      LastUpdatedBy: 'ADMIN', CreatedOn: createdOn, LastUpdatedOn: createdOn, UsedQuantity: 0,
      IsCollateralHolding: false, BuyAvgPrice: 1312.4, IsBuyAvgPriceProvided: true, AuthorizeQuantity: 0,
      IsNeedToDelete: false,
    } // prettier-ignore
    const RMSHoldings = { Holdings: { INE002A01018: inner } }
    expect(text).toBe(
      JSON.stringify({
        type: 'success', code: 's-portfolio-0013', description: 'Success holding', result: { ClientId: 'SIM0001', RMSHoldings },
      }), // prettier-ignore
    )
    client.close()
    await simulator.close()
    await start({ holdings: [HOLDING], holdingsShape: 'list' })
    expect((await read()).result).toEqual({
      ClientId: 'SIM0001',
      RMSHoldingList: [{ Holdings: { INE002A01018: { ...inner, CreatedOn: expect.any(String), LastUpdatedOn: expect.any(String) } } }],
      CollateralHoldingList: [],
    }) // prettier-ignore
  })

  it('writes positions, cancels and empty books in the other documented ways when it is told', async () => {
    await start({
      positionRows: 'newer', positionList: 'array', positionMtm: 'computed', untradedAverage: 'NaN',
      positionFigures: 'number', emptyBooks: 'list', emptyHoldings: 'error', cancelResult: 'array', orderRows: '2020',
      historyDelayMs: 60_000, convertResult: 'none',
    }) // prettier-ignore
    const read = (path: string) => client.call('GET', `/interactive/${path}`)
    expect((await read('orders')).body).toEqual({ type: 'success', code: 's-orders-0001', description: 'Success order book', result: [] }) // prettier-ignore
    expect((await read('portfolio/positions?dayOrNet=NetWise')).body?.result).toEqual([])
    expect(await read('portfolio/holdings')).toMatchObject({ status: 400, body: { code: 'e-holdings-0005' } })
    await trade()
    const [row] = (await read('portfolio/positions?dayOrNet=DayWise')).body?.result as Record<
      string,
      unknown
    >[]
    expect(row).toMatchObject({
      LoginID: 'SIM0001', ExchangeInstrumentId: 2885, SellAveragePrice: 'NaN', Quantity: '10', ActualSellAveragePrice: 'NaN',
      ActualBuyAmount: row?.['BuyAmount'], RealizedMTM: 0,
    }) // prettier-ignore
    expect(row?.['BuyAveragePrice']).toEqual(expect.any(Number))
    const placed = await client.call('POST', '/interactive/orders', {
      ...ORDER,
      orderType: 'LIMIT',
      limitPrice: 1400,
    })
    const { AppOrderID } = placed.body?.result as { AppOrderID: number }
    expect(await read(`orders?appOrderID=${AppOrderID}`)).toMatchObject({
      status: 400,
      body: { code: 'e-orders-0001' },
    })
    const [order] = (await read('orders')).body?.result as Record<string, unknown>[]
    // captured: the keys of a 2021 row
    expect(Object.keys(order ?? {})).toEqual([
      'LoginID', 'ClientID', 'AppOrderID', 'OrderReferenceID', 'GeneratedBy', 'ExchangeOrderID', 'OrderCategoryType',
      'ExchangeSegment', 'ExchangeInstrumentID', 'OrderSide', 'OrderType', 'ProductType', 'TimeInForce', 'OrderPrice',
      'OrderQuantity', 'OrderStopPrice', 'OrderStatus', 'OrderAverageTradedPrice', 'LeavesQuantity',
      'CumulativeQuantity', 'OrderDisclosedQuantity', 'OrderGeneratedDateTime', 'ExchangeTransactTime',
      'LastUpdateDateTime', 'OrderExpiryDate', 'CancelRejectReason', 'OrderUniqueIdentifier', 'OrderLegStatus',
      'IsSpread', 'MessageCode', 'MessageVersion', 'TokenID', 'ApplicationType', 'SequenceNumber',
    ]) // prettier-ignore
    expect(order).toMatchObject({
      OrderSide: 'Buy',
      OrderExpiryDate: '1980-01-01T00:00:00',
      ApplicationType: 0,
    })
    await socket.until(() => socket.messages('order').some((message) => message['OrderStatus'] === 'New'))
    const cancelled = await client.call('DELETE', `/interactive/orders?appOrderID=${AppOrderID}`)
    expect(cancelled.body?.result).toEqual([{ AppOrderID, ClientID: 'SIM0001' }])
  })
})
