import io from 'socket.io-client'
import { Counter } from './testing/counter'

const counter = new Counter(io)
afterEach(() => counter.close())

describe('what is asked beside orders', () => {
  it('tells the status of each market and what the exchange told today', async () => {
    await counter.start()
    const client = await counter.logIn('retail')
    const status = await client.call('GET', '/interactive/status/exchange?userID=RET1')
    expect(status.body).toMatchObject({
      type: 'success',
      code: 's-status-0001',
      description: 'Exchange status available',
    })
    const { marketStatus } = status.body?.result as { marketStatus: Record<string, string>[] }
    expect(marketStatus[0]).toEqual({
      exchangeSegment: 'NSECM',
      exchangeMarketType: 'NORMAL',
      exchangeTradingSession: 'NormalStart',
    })
    const messages = await client.call('GET', '/interactive/messages/exchange?exchangeSegment=1')
    expect(messages.body).toMatchObject({ code: 's-messages-0001' })
    const { messageList } = messages.body?.result as { messageList: object[] }
    expect(Object.keys(messageList[0] ?? {})).toEqual([
      'ExchangeSegment', 'ExchangeTimeStamp', 'BroadcastMessage', 'SequenceId', 'ExchangeInstrumentID', 'MessageCode',
      'MessageVersion', 'TokenID', 'ApplicationType', 'SequenceNumber',
    ]) // prettier-ignore
    expect(messageList[0]).toMatchObject({ ExchangeSegment: 1, MessageCode: 1506, MessageVersion: 8 })
    expect((await client.call('GET', '/interactive/messages/exchange?exchangeSegment=NSECM')).body).toEqual(
      messages.body,
    )
    expect(await client.call('GET', '/interactive/messages/exchange')).toMatchObject({
      status: 400,
      body: { code: 'e-property-validation-failed' },
    })
  })

  it('calculates margin under the misspelt key, and says what is short', async () => {
    await counter.start({
      accounts: undefined,
      cashRupees: 10_000,
      interactiveKey: 'retail-ik',
      interactiveSecret: 'retail-is',
    })
    const client = await counter.logIn('retail')
    const order = {
      exchange: 1, exchangeInstrumentId: 2885, productType: 'CNC', orderType: 'LIMIT', orderSide: 'BUY', quantity: 10,
      price: 1400, stopPrice: 0, orderSessionType: 1,
    } // prettier-ignore
    const ask = (portfolio: unknown) =>
      client.call('POST', '/interactive/orders/margindetails', { portfolio })
    expect((await ask([{ ...order, quantity: '5' }])).body).toEqual({
      type: 'success', code: 's-calculatemargin-0001', description: expect.any(String),
      result: { brokerageDeatils: { IsValid: true, MarginRequired: 7000, MarginAvailable: 10_000, MarginShortfall: 0, ErrorMessage: '' } },
    }) // prettier-ignore
    expect((await ask([order])).body?.result).toMatchObject({
      brokerageDeatils: {
        IsValid: false,
        MarginShortfall: 4000,
        ErrorMessage: expect.stringContaining('Margin Shortfall[4000]'),
      },
    })
    const wrong = await ask([order, { ...order, exchange: 99, quantity: 'many' }, 7])
    const { errors } = wrong.body?.result as { errors: { field: unknown[] }[] }
    expect(errors.slice(0, 3).map((error) => error.field)).toEqual([
      ['portfolio', 1, 'exchange'],
      ['portfolio', 1, 'quantity'],
      ['portfolio', 2, 'exchange'],
    ])
  })

  it('calculates brokerage for several orders together', async () => {
    await counter.start()
    const deal = {
      exchangeSegment: 1,
      exchangeInstrumentID: 2885,
      productType: 'MIS',
      orderSide: 'BUY',
      orderQty: 10,
      orderPrice: 1000,
    }
    const body = { brokerageOrderInformation: [deal, { ...deal, orderSide: 'SELL' }] }
    const answer = await (
      await counter.logIn('retail')
    ).call('POST', '/interactive/user/calculatebrokerage', body)
    expect(answer.body).toMatchObject({ code: 's-user-0003' })
    expect(Object.keys(answer.body?.result as object)).toEqual([
      'AppOrderID', 'OrderUniqueIdentifier', 'ClientID', 'Brokerage', 'STTOrCTT', 'ExchangeTurnoverCharges',
      'ExchangeCharges', 'GST', 'SebiCharges', 'StampDuty', 'ClearingCharges', 'DPCharges', 'Total',
    ]) // prettier-ignore
    // by hand: 3 rupees of brokerage each way, 0.025 % tax on the sale of 10,000
    expect(answer.body?.result).toMatchObject({ ClientID: 'RET1', Brokerage: 6, STTOrCTT: 2.5 })
  })

  it('shows the profile with every documented key', async () => {
    await counter.start()
    const { text } = await (
      await counter.logIn('pro')
    ).call('GET', '/interactive/user/profile?clientID=*****')
    const { result } = JSON.parse(text) as { result: Record<string, object> }
    expect(Object.keys(result)).toEqual([
      'ClientId', 'ClientName', 'EmailId', 'MobileNo', 'PAN', 'IncludeInAutoSquareoff', 'IncludeInAutoSquareoffBlocked',
      'IsProClient', 'IsInvestorClient', 'ResidentialAddress', 'OfficeAddress', 'ClientBankInfoList',
      'ClientExchangeDetailsList',
    ]) // prettier-ignore
    expect(Object.keys((result['ClientBankInfoList'] as object[])[0] ?? {})).toEqual([
      'Clientid', 'AccountNumber', 'AccountType', 'BankName', 'BankBranchName', 'BankCity', 'CustomerId',
      'BankCityPincode', 'BankIFSCCode',
    ]) // prettier-ignore
    expect(result).toMatchObject({ ClientId: 'PRO7', IsProClient: true, IsInvestorClient: false })
  })
})
