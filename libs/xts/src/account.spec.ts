import type { HttpOutcome } from '@xts-bridge/http'
import { XtsAccount, type PositionPart } from './account'
import { XtsInteractive } from './interactive'
import { XtsLegOrders, type BracketOrder, type CoverOrder } from './leg-orders'
import type { BrokerOrderInstruction, BrokerProfile, CallOutcome, XtsToken } from './model'
import { brokerProfile } from './profiles'
import { failure, FakeHttp, success } from './testing/fake-http'
import { ORDER_ROW } from './testing/rows'

const TOKEN: XtsToken = {
  token: 'jwt-1',
  userId: 'ABC1234A02',
  clientCodes: ['ABC1234'],
  isInvestorClient: false,
  epoch: 7,
}
const PART: PositionPart = {
  segment: 'NSEFO',
  token: 48_225,
  product: 'NRML',
  quantity: 65,
  isDayWise: false,
}
const LEG = {
  tag: 'tag1', segment: 'NSEFO', token: 48_225, side: 'BUY', priceType: 'LIMIT', quantity: 65, disclosedQuantity: 0, price: 101.5,
} as const // prettier-ignore
const COVER: CoverOrder = { ...LEG, triggerPrice: 95 }
const BRACKET: BracketOrder = { ...LEG, targetOffset: 10, stopLossOffset: 5, trailingStopLoss: 1 }
const ORDER: BrokerOrderInstruction = {
  ...LEG, product: 'NRML', validity: 'DAY', triggerPrice: 0,
} // prettier-ignore
const COMMON = {
  exchangeSegment: 'NSEFO', exchangeInstrumentID: 48_225, orderSide: 'BUY', orderType: 'LIMIT', orderQuantity: 65,
  disclosedQuantity: 0, limitPrice: 101.5, orderUniqueIdentifier: 'tag1',
} // prettier-ignore

interface Api {
  readonly account: XtsAccount
  readonly orders: XtsInteractive
  readonly legs: XtsLegOrders
}

function api(answer: HttpOutcome, profile: Partial<BrokerProfile> = {}): Api & { readonly http: FakeHttp } {
  const http = new FakeHttp([answer])
  const options = {
    http: http.asCaller(),
    profile: brokerProfile('simulator', profile),
    token: () => TOKEN,
  }
  return {
    http,
    account: new XtsAccount(options),
    orders: new XtsInteractive(options),
    legs: new XtsLegOrders(options),
  }
}

/** Each call, what it sends, and to which pool. */
const CALLS: readonly (readonly [string, (on: Api) => Promise<CallOutcome<unknown>>, object])[] = [
  ['modify', ({ orders }) => orders.modify({ brokerOrderId: '3110037830', tag: 'tag1' }, ORDER), {
    family: 'entry', method: 'PUT', path: '/interactive/orders',
    body: {
      appOrderID: 3_110_037_830, modifiedProductType: 'NRML', modifiedOrderType: 'LIMIT', modifiedOrderQuantity: 65,
      modifiedDisclosedQuantity: 0, modifiedLimitPrice: 101.5, modifiedStopPrice: 0, modifiedTimeInForce: 'DAY', orderUniqueIdentifier: 'tag1',
    },
  }],
  ['modify as an exit', ({ orders }) => orders.modify({ brokerOrderId: '1', tag: '' }, ORDER, { isReducing: true }), { family: 'exit' }],
  ['cancel all of a segment', ({ orders }) => orders.cancelAll({ segment: 'NSEFO' }), {
    family: 'exit', method: 'POST', path: '/interactive/orders/cancelall', body: { exchangeSegment: 'NSEFO', exchangeInstrumentID: 0 },
  }],
  ['cancel all of a contract for a client', ({ orders }) => orders.cancelAll({ segment: 'NSEFO', token: 5, clientID: 'C1' }), {
    body: { exchangeSegment: 'NSEFO', exchangeInstrumentID: 5, clientID: 'C1' },
  }],
  ['history', ({ orders }) => orders.history({ brokerOrderId: '31', clientID: 'C1' }), {
    family: 'read', method: 'GET', path: '/interactive/orders', query: { appOrderID: '31', clientID: 'C1' },
  }],
  ['day-wise positions', ({ orders }) => orders.positions(undefined, 'DayWise'), { path: '/interactive/portfolio/positions', query: { dayOrNet: 'DayWise' } }],
  ['place cover', ({ legs }) => legs.placeCover(COVER), { family: 'entry', method: 'POST', path: '/interactive/orders/cover', body: { ...COMMON, stopPrice: 95 } }],
  ['exit cover', ({ legs }) => legs.exitCover({ exitOrderId: '12' }), { family: 'exit', method: 'PUT', path: '/interactive/orders/cover', body: { appOrderID: 12 } }],
  ['place bracket', ({ legs }) => legs.placeBracket(BRACKET), {
    family: 'entry', method: 'POST', path: '/interactive/orders/bracket',
    body: { ...COMMON, squarOff: 10, stopLossPrice: 5, trailingStoploss: 1, isProOrder: false },
  }],
  ['modify bracket', ({ legs }) => legs.modifyBracket({ brokerOrderId: '12', quantity: 65, price: 101, stopLossPrice: 94 }), {
    method: 'PUT', path: '/interactive/orders/bracket', body: { appOrderID: 12, orderQuantity: 65, limitPrice: 101, stopLossPrice: 94 },
  }],
  ['cancel bracket', ({ legs }) => legs.cancelBracket({ entryOrderId: '12' }), {
    family: 'exit', method: 'DELETE', path: '/interactive/orders/bracket', query: { boEntryOrderId: '12' },
  }],
  ['profile', ({ account }) => account.profile('C1'), { family: 'read', path: '/interactive/user/profile', query: { clientID: 'C1' } }],
  ['balance', ({ account }) => account.balance(), { path: '/interactive/user/balance', query: {} }],
  ['enums', ({ account }) => account.enums(), { path: '/interactive/user/enums', query: { userID: 'ABC1234A02' } }],
  ['holdings', ({ account }) => account.holdings(), { path: '/interactive/portfolio/holdings' }],
  ['convert', ({ account }) => account.convert(PART, 'MIS'), {
    family: 'exit', method: 'PUT', path: '/interactive/portfolio/positions/convert',
    body: {
      exchangeSegment: 'NSEFO', exchangeInstrumentID: 48_225, oldProductType: 'NRML', newProductType: 'MIS', isDayWise: false, targetQty: 65,
      statisticsLevel: 'ParentLevel', isInterOpPosition: false,
    },
  }],
  ['square off', ({ account }) => account.squareOff(PART), {
    family: 'exit', method: 'PUT', path: '/interactive/portfolio/squareoff',
    body: {
      exchangeSegment: 'NSEFO', exchangeInstrumentID: 48_225, productType: 'NRML', squareoffMode: 'NetWise', positionSquareOffQuantityType: 'ExactQty',
      squareOffQtyValue: 65, blockOrderSending: false, cancelOrders: false,
    },
  }],
  ['square off all', ({ account }) => account.squareOffAll({ isDayWise: true }), { path: '/interactive/portfolio/squareoffall', body: { squareoffMode: 'DayWise' } }],
  ['margin', ({ account }) => account.margin([ORDER]), {
    family: 'read', method: 'POST', path: '/interactive/orders/margindetails',
    body: { portfolio: [{ exchange: 2, exchangeInstrumentId: 48_225, productType: 'NRML', orderType: 'LIMIT', orderSide: 'BUY', quantity: 65, price: 101.5, stopPrice: 0, orderSessionType: 1 }] },
  }],
  ['brokerage', ({ account }) => account.brokerage([ORDER]), {
    method: 'POST', path: '/interactive/user/calculatebrokerage',
    body: { brokerageOrderInformation: [{ exchangeSegment: 2, exchangeInstrumentID: 48_225, productType: 'NRML', orderSide: 'BUY', orderQty: 65, orderPrice: 101.5 }] },
  }],
  ['exchange status', ({ account }) => account.exchangeStatus(), { path: '/interactive/status/exchange', query: { userID: 'ABC1234A02' } }],
  ['exchange messages', ({ account }) => account.exchangeMessages('NSECM'), { path: '/interactive/messages/exchange', query: { exchangeSegment: 'NSECM' } }],
  ['log out', ({ account }) => account.logOut(), { method: 'DELETE', path: '/interactive/user/session' }],
] // prettier-ignore

describe('every call', () => {
  it.each(CALLS)('of kind "%s" sends the documented request', async (_name, call, request) => {
    const on = api(success({}))
    await call(on)
    expect(on.http.sent).toHaveLength(1)
    expect(on.http.sent[0]).toMatchObject({ ...request, headers: { Authorization: 'jwt-1' } })
    if ('body' in request) expect(on.http.sent[0]?.body).toEqual(request.body)
  })

  it.each(CALLS)('of kind "%s" names the dead token it was refused for', async (_name, call) => {
    const outcome = await call(api(failure(400, 'e-session-0005', 'Token/Authorization not found')))
    expect(outcome).toMatchObject({ kind: 'rejected', isSessionInvalid: true, epoch: 7 })
  })

  it.each(CALLS)('of kind "%s" is unknown when the answer is lost', async (_name, call) => {
    expect(await call(api({ kind: 'lost', reason: 'reset' }))).toEqual({ kind: 'unknown', reason: 'reset' })
  })

  it('sends the client that the profile wants in its family', async () => {
    const on = api(success({}), { orderClientId: 'client-code', bookClientId: '*****', balanceClientId: 'login-user' })
    await on.orders.cancelAll({ segment: 'NSEFO' })
    await on.account.holdings()
    await on.account.balance()
    const [cancel, holdings, balance] = on.http.sent
    expect(cancel?.body).toMatchObject({ clientID: 'ABC1234' })
    expect([holdings?.query, balance?.query]).toEqual([{ clientID: '*****' }, { clientID: 'ABC1234A02' }])
  }) // prettier-ignore

  it('sends nothing that changes an order in test mode, and reads as ever', async () => {
    const http = new FakeHttp([success({ BalanceList: [] })])
    const profile = brokerProfile('simulator')
    const options = { http: http.asCaller(), profile, token: () => TOKEN, isTestMode: true }
    const on = {
      account: new XtsAccount(options),
      orders: new XtsInteractive(options),
      legs: new XtsLegOrders(options),
    }
    const changes = CALLS.filter(([, , request]) => !('family' in request) || request.family !== 'read')
    for (const [, call] of changes) await call(on)
    expect(await on.orders.place(ORDER)).toMatchObject({
      kind: 'not-sent',
      reason: expect.stringContaining('TEST_MODE'),
    })
    expect(http.sent.filter(({ family }) => family !== 'read')).toEqual([])
    await on.orders.orders()
    expect(http.sent.length).toBeGreaterThan(0)
  })

  it('does not place a bracket or cover under a tag that cannot be found again', async () => {
    const on = api(success({}))
    for (const tag of ['', 'a-tag-of-19-letters'])
      expect(await on.legs.placeCover({ ...COVER, tag })).toMatchObject({ kind: 'not-sent' })
    expect(await on.legs.placeBracket({ ...BRACKET, tag: '' })).toMatchObject({ kind: 'not-sent' })
    expect(on.http.sent).toEqual([])
  })
})

const value = async (outcome: Promise<CallOutcome<unknown>>): Promise<unknown> => {
  const read = await outcome
  return read.kind === 'ok' ? read.value : read
}

describe('the answer', () => {
  it('to a cover order names both legs, for our tag only', async () => {
    const legs = { EntryAppOrderID: '111', ExitAppOrderID: 112, OrderUniqueIdentifier: 'tag1' }
    expect(await value(api(success(legs)).legs.placeCover(COVER))).toEqual({
      entryOrderId: '111',
      exitOrderId: '112',
    })
    const another = { ...legs, OrderUniqueIdentifier: 'tag2' }
    expect(await api(success(another)).legs.placeCover(COVER)).toMatchObject({ kind: 'unknown' })
    expect(await api(success({ EntryAppOrderID: 1 })).legs.placeCover(COVER)).toMatchObject({
      kind: 'unknown',
    })
  })

  it('to a bracket order may name none', async () => {
    expect(await value(api(success('')).legs.placeBracket(BRACKET))).toEqual({ entryOrderId: undefined })
    expect(await value(api(success({ AppOrderID: 7 })).legs.placeBracket(BRACKET))).toEqual({
      entryOrderId: '7',
    })
  })

  it('to a history is a book of one order', async () => {
    const states = [{ ...ORDER_ROW, OrderStatus: 'PendingNew' }, ORDER_ROW]
    expect(await value(api(success(states)).orders.history({ brokerOrderId: '1' }))).toMatchObject({
      rows: [{ state: 'accepted' }, {}],
    })
  })

  it('to the balance is that of the whole account, in rupees', async () => {
    const limits = (header: string, cash: unknown): object => ({
      limitHeader: header,
      limitObject: {
        RMSSubLimits: {
          cashAvailable: cash, collateral: 0, marginUtilized: '1,250.50', netMarginAvailable: '998749.50',
          MTM: '0', UnrealizedMTM: 'NaN', RealizedMTM: '-20.00',
        },
        AccountID: 'ABC1234',
      },
    }) // prettier-ignore
    const list = [limits('CASH|NSE|MTF', '5'), limits('ALL|ALL|ALL', '1,000,000.00')]
    expect(await value(api(success({ BalanceList: list })).account.balance())).toEqual({
      accountId: 'ABC1234',
      limitHeader: 'ALL|ALL|ALL',
      cashAvailable: 1_000_000,
      collateral: 0,
      marginUtilized: 1250.5,
      netMarginAvailable: 998_749.5,
      realizedMtm: -20,
      unrealizedMtm: undefined,
    })
    expect(await value(api(success({ BalanceList: [limits('CASH|NSE|MTF', 5)] })).account.balance())).toMatchObject({ cashAvailable: 5 })
  }) // prettier-ignore

  const HOLDING = {
    ISIN: 'INE002A01018', ExchangeNSEInstrumentId: 2885, ExchangeBSEInstrumentId: 0, HoldingType: 'Holdings', HoldingQuantity: 10,
    UsedQuantity: 2, IsCollateralHolding: false, BuyAvgPrice: 1312.4, IsBuyAvgPriceProvided: true,
  } // prettier-ignore

  it.each([
    ['a map', { RMSHoldings: { Holdings: { INE002A01018: HOLDING } } }],
    ['a list', { RMSHoldingList: [{ Holdings: { INE002A01018: HOLDING } }], CollateralHoldingList: [] }],
  ])('to the holdings is read from %s', async (_shape, result) => {
    expect(await value(api(success(result)).account.holdings())).toEqual({
      rows: [
        {
          isin: 'INE002A01018',
          nseToken: 2885,
          bseToken: undefined,
          holdingType: 'Holdings',
          quantity: 10,
          usedQuantity: 2,
          isCollateral: false,
          buyAveragePrice: 1312.4,
        },
      ],
      isEmptyAnswer: false,
    })
  })

  it('to the holdings has no price that was not given, and may be empty', async () => {
    const bare = { ...HOLDING, IsBuyAvgPriceProvided: false }
    const read = await value(api(success({ RMSHoldings: { Holdings: { a: bare } } })).account.holdings())
    expect(read).toMatchObject({ rows: [{ buyAveragePrice: undefined }] })
    const empty = { rows: [], isEmptyAnswer: true }
    expect(await value(api(success({ RMSHoldings: { Holdings: {} } })).account.holdings())).toEqual(empty)
    expect(await value(api(failure(400, 'e-holdings-0005')).account.holdings())).toEqual(empty)
  })

  it('to the profile keeps nothing of a person', async () => {
    const holder = {
      ClientId: 'ABC1234', ClientName: 'A PERSON', PAN: 'ABCDE1234F', IsProClient: true, IsInvestorClient: false,
      ClientExchangeDetailsList: { NSECM: { Enabled: true }, MCXFO: { Enabled: false } },
    } // prettier-ignore
    expect(await value(api(success(holder)).account.profile())).toEqual({
      clientId: 'ABC1234',
      isPro: true,
      isInvestor: false,
      enabledSegments: ['NSECM'],
    })
  })

  it('to margin and brokerage is in rupees', async () => {
    const margin = { brokerageDeatils: { IsValid: true, MarginRequired: '6,597.50', MarginAvailable: 10, MarginShortfall: 0, ErrorMessage: '' } } // prettier-ignore
    expect(await value(api(success(margin)).account.margin([ORDER]))).toEqual({
      isValid: true,
      required: 6597.5,
      available: 10,
      shortfall: 0,
      message: '',
    })
    const charges = { AppOrderID: 5, OrderUniqueIdentifier: '', ClientID: 'x', Brokerage: 20, GST: '3.6', Total: 30 } // prettier-ignore
    expect(await value(api(success(charges)).account.brokerage([ORDER]))).toEqual({
      Brokerage: 20,
      GST: 3.6,
      Total: 30,
    })
  })

  it('of an exchange is its sessions and messages', async () => {
    const row = { exchangeSegment: 'NSECM', exchangeMarketType: 'NORMAL', exchangeTradingSession: 'NormalStart' } // prettier-ignore
    expect(await value(api(success({ marketStatus: [row] })).account.exchangeStatus())).toEqual([
      { segment: 'NSECM', marketType: 'NORMAL', session: 'NormalStart' },
    ])
    const message = { ExchangeSegment: 2, BroadcastMessage: 'Members are informed' }
    expect(await value(api(success({ messageList: [message] })).account.exchangeMessages('NSEFO'))).toEqual([
      { segmentNumber: 2, text: 'Members are informed' },
    ])
  })

  it.each<[string, (on: Api) => Promise<CallOutcome<unknown>>, unknown]>([
    ['a balance without limits', ({ account }) => account.balance(), { BalanceList: [] }],
    ['a balance that is no list', ({ account }) => account.balance(), {}],
    ['a figure that is none', ({ account }) => account.balance(), { BalanceList: [{ limitObject: { RMSSubLimits: { cashAvailable: 'plenty' } } }] }],
    ['holdings of another shape', ({ account }) => account.holdings(), { Holdings: [] }],
    ['a holding without a quantity', ({ account }) => account.holdings(), { RMSHoldings: { Holdings: { a: { ISIN: 'x' } } } }],
    ['a margin without a figure', ({ account }) => account.margin([ORDER]), { brokerageDeatils: { IsValid: false } }],
    ['a status that is no list', ({ account }) => account.exchangeStatus(), {}],
    ['a profile that is a text', ({ account }) => account.profile(), 'No Data Available'],
    ['a modification that names no order', ({ orders }) => orders.modify({ brokerOrderId: '1', tag: 't' }, ORDER), {}],
  ])('is unknown for %s', async (_what, call, result) => {
    expect(await call(api(success(result)))).toMatchObject({ kind: 'unknown' })
  }) // prettier-ignore
})
