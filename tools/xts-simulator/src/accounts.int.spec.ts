import io from 'socket.io-client'
import { Counter, RESTING_ORDER } from './testing/counter'
import type { XtsClient } from './testing/xts-client'

const counter = new Counter(io)
afterEach(() => counter.close())

describe('whose book a login may read', () => {
  const notMapped = 'Supplied client not mapped under dealer'
  const noData = 'Data Not Available'
  type Heard = [status: number, code: string | undefined, description: string]

  it.each<[Parameters<Counter['logIn']>[0], string, Heard]>([
    ['retail', 'orders', [400, 'e-orders-0005', noData]],
    ['retail', 'orders?clientID=XYZ', [400, 'e-trade-00002', notMapped]],
    ['retail', 'orders/dealerorderbook?clientID=RET1', [400, 'e-trade-00002', notMapped]],
    ['retail', 'portfolio/dealerpositions?dayOrNet=NetWise', [400, 'e-portfolio-00005', notMapped]],
    ['dealer', 'orders', [400, 'e-property-validation-failed', 'Bad Request']],
    ['dealer', 'orders/trades?clientID=ABC2', [400, 'e-tradeBook-0005', noData]],
    ['dealer', 'orders/trades?clientID=XYZ', [400, 'e-trade-00002', notMapped]],
    ['dealer', 'orders/dealerorderbook?clientID=ABC1', [200, 's-orders-0001', 'Success order book']],
    ['dealer', 'orders/dealertradebook?clientID=ABC1', [200, 's-dealertrade-0001', 'Success trade book']],
    ['dealer', 'orders/dealertradebook?clientID=XYZ', [400, 'e-trade-00002', notMapped]],
    [
      'dealer',
      'portfolio/dealerpositions?dayOrNet=DayWise&clientID=ABC1',
      [200, 's-portfolio-0001', 'Success position'],
    ],
    ['dealer', 'portfolio/positions?dayOrNet=DayWise&clientID=XYZ', [400, 'e-portfolio-00005', notMapped]],
    ['dealer', 'user/profile', [400, undefined, 'No Data Available']],
    ['dealer', 'user/balance?clientID=XYZ', [400, 'e-user-0001', 'No RMS Limit assign to user']],
    ['pro', 'orders', [400, 'e-orders-0005', noData]],
    ['pro', 'orders/dealerorderbook?clientID=*****', [200, 's-orders-0001', 'Success order book']],
    ['pro', 'orders/dealerorderbook?clientID=PRO7', [400, 'e-trade-00002', notMapped]],
    ['pro', 'orders/dealerorderbook', [400, 'e-property-validation-failed', 'Bad Request']],
    ['pro', 'portfolio/positions?dayOrNet=NetWise&clientID=XYZ', [400, 'e-portfolio-00005', notMapped]],
    ['pro', 'portfolio/holdings?clientID=*****', [200, 's-portfolio-0013', 'Success holding']],
  ])('%s asks %s and hears %j', async (kind, path, [status, code, description]) => {
    await counter.start()
    const answer = await (await counter.logIn(kind)).call('GET', `/interactive/${path}`)
    expect(answer).toMatchObject({ status, body: { description } })
    expect(answer.body?.code).toBe(code)
  })

  it('crashes with a page when a pro login asks for holdings without a client', async () => {
    await counter.start()
    const answer = await (await counter.logIn('pro')).call('GET', '/interactive/portfolio/holdings')
    expect([answer.status, answer.body]).toEqual([500, undefined])
    expect(answer.text).toContain('<pre>Internal Server Error</pre>')
  })

  it('answers an unnamed or unmapped client as an empty book where that is chosen', async () => {
    await counter.start({ missingClient: 'empty', unmappedClient: 'empty' })
    const dealer = await counter.logIn('dealer')
    const code = async (client: XtsClient, path: string): Promise<string | undefined> =>
      (await client.call('GET', `/interactive/${path}`)).body?.code
    expect(await code(dealer, 'orders')).toBe('e-orders-0005')
    expect(await code(dealer, 'orders/trades?clientID=XYZ')).toBe('e-tradeBook-0005')
    expect(await code(dealer, 'portfolio/positions?dayOrNet=NetWise&clientID=XYZ')).toBe('e-portfolio-0005')
    expect(await code(dealer, 'portfolio/positions?dayOrNet=Sometimes')).toBe('e-property-validation-failed')
    expect(await code(await counter.logIn('pro'), 'orders')).toBe('e-orders-0005')
  })

  it('keeps the orders of clients apart, and the dealer book has no GeneratedBy', async () => {
    await counter.start()
    const dealer = await counter.logIn('dealer')
    const placed = await dealer.call('POST', '/interactive/orders', { ...RESTING_ORDER, clientID: 'ABC2' })
    expect(placed.body?.result).toMatchObject({ ClientID: 'ABC2' })
    const rows = async (path: string): Promise<object[]> =>
      (await dealer.call('GET', `/interactive/orders${path}`)).body?.result as object[]
    const [row] = await rows('?clientID=ABC2')
    const [dealerRow] = await rows('/dealerorderbook?clientID=ABC2')
    expect(row).toMatchObject({ LoginID: 'ABC1A02', ClientID: 'ABC2', GeneratedBy: 'TWSAPI' })
    expect(Object.keys(dealerRow ?? {})).toEqual(
      Object.keys(row ?? {}).filter((key) => key !== 'GeneratedBy'),
    )
    expect(await rows('/dealerorderbook?clientID=ABC1')).toEqual([])
    expect((await (await counter.logIn('retail')).call('GET', '/interactive/orders')).body?.code).toBe(
      'e-orders-0005',
    )
  })

  it('cancels the orders of all clients when a dealer names its own login, as the official client does', async () => {
    await counter.start()
    const dealer = await counter.logIn('dealer')
    const socket = dealer.openSocket('/interactive/socket.io', { apiType: 'INTERACTIVE' })
    await socket.hears('joined')
    for (const clientID of ['ABC1', 'ABC2'])
      await dealer.call('POST', '/interactive/orders', { ...RESTING_ORDER, clientID })
    const ended = (status: string): unknown[] =>
      socket
        .messages('order')
        .filter((order) => order['OrderStatus'] === status)
        .map((order) => order['ClientID'])
    await socket.until(() => ended('New').length === 2)
    const body = { exchangeSegment: 'NSECM', exchangeInstrumentID: 0, clientID: 'ABC1A02' }
    const answer = await dealer.call('POST', '/interactive/orders/cancelall', body)
    expect(answer.text).toBe(
      '{"type":"success","code":"s-cancelall-0001","description":"Cancel All Order Request Send Successfully","result":""}',
    )
    await socket.until(() => ended('Cancelled').length === 2)
    expect(ended('Cancelled').toSorted()).toEqual(['ABC1', 'ABC2'])
  })

  it('takes ***** and the word PRO in orders of a pro login, and echoes what was sent', async () => {
    await counter.start()
    const pro = await counter.logIn('pro')
    for (const clientID of ['*****', 'PRO']) {
      const placed = await pro.call('POST', '/interactive/orders', { ...RESTING_ORDER, clientID })
      expect(placed.body?.result).toMatchObject({ ClientID: clientID })
    }
    const rows = (await pro.call('GET', '/interactive/orders')).body?.result as object[]
    expect(rows).toMatchObject([{ ClientID: 'PRO7' }, { ClientID: 'PRO7' }])
    expect(await pro.call('POST', '/interactive/orders', RESTING_ORDER)).toMatchObject({
      status: 400,
      body: { code: 'e-property-validation-failed' },
    })
  })

  it('writes the balance as documented, and as it was captured', async () => {
    await counter.start({
      accounts: undefined,
      cashRupees: 1_000_000,
      interactiveKey: 'retail-ik',
      interactiveSecret: 'retail-is',
    })
    const { text } = await (await counter.logIn('retail')).call('GET', '/interactive/user/balance')
    const zeros = (names: string): object =>
      Object.fromEntries(names.split(' ').map((name) => [name, '0.00']))
    // documented: the balance example of the protocol reference
    const limitObject = {
      RMSSubLimits: {
        cashAvailable: '1000000.00', collateral: '0.00', marginUtilized: '0.00', netMarginAvailable: '1000000.00',
        ...zeros('MTM UnrealizedMTM RealizedMTM'),
      },
      marginAvailable: {
        CashMarginAvailable: '1000000.00',
        ...zeros('AdhocMargin NotinalCash PayInAmount PayOutAmount CNCSellBenifit DirectCollateral HoldingCollateral ClientBranchAdhoc SellOptionsPremium NetOptionPremium BuyOptionsPremium TotalBranchAdhoc AdhocFOMargin AdhocCurrencyMargin AdhocCommodityMargin'),
      },
      marginUtilized: zeros('GrossExposureMarginPresent BuyExposureMarginPresent SellExposureMarginPresent VarELMarginPresent ScripBasketMarginPresent GrossExposureLimitPresent BuyExposureLimitPresent SellExposureLimitPresent CNCLimitUsed CNCAmountUsed MarginUsed LimitUsed TotalSpanMargin ExposureMarginPresent'),
      limitsAssigned: zeros('CNCLimit TurnoverLimitPresent MTMLossLimitPresent BuyExposureLimit SellExposureLimit GrossExposureLimit GrossExposureDerivativesLimit BuyExposureFuturesLimit BuyExposureOptionsLimit SellExposureOptionsLimit SellExposureFuturesLimit AdhocOptionsBuy AdhocCashCNCMargin'),
      AccountID: 'SIM0001',
    } // prettier-ignore
    expect(text).toBe(
      JSON.stringify({
        type: 'success', code: 's-user-0002', description: 'OK', result: { BalanceList: [{ limitHeader: 'ALL|ALL|ALL', limitObject }] },
      }), // prettier-ignore
    )
    await counter.start({ balanceFigures: 'captured', balanceList: 'with-mtf' })
    const captured = await (
      await counter.logIn('dealer')
    ).call('GET', '/interactive/user/balance?clientID=ABC1A02')
    expect(captured.body?.result).toMatchObject({
      BalanceList: [
        { limitHeader: 'CASH|NSE|MTF', limitObject: { RMSSubLimits: { cashAvailable: '0' } } },
        {
          limitHeader: 'ALL|ALL|ALL',
          limitObject: {
            RMSSubLimits: { cashAvailable: '1000000000', collateral: 0, MTM: '0' },
            marginAvailable: { AdhocFOMargin: 'NaN' },
            marginUtilized: { LimitUsed: 'NaN', MarginUsed: '0' },
            AccountID: 'ABC1A02',
          },
        },
      ],
    })
  })
})
