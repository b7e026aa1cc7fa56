import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import interactiveApi from 'xts-interactive-api'
import { eventually } from './support/heard.mjs'
import { KEYS, RELIANCE, startSimulator } from './support/simulator-process.mjs'
import { methodsOf, watched } from './support/watched.mjs'

const { Interactive } = interactiveApi
/** An error of this client carries the broker's answer in its message. */
const said = (answer) => answer.error?.message ?? JSON.stringify(answer)
const LOGIN = { ...KEYS.interactive, source: 'WEBAPI' }

/** A rupee price far under the market: it rests. */
const RESTING_PRICE_PART = 0.95

describe('xts-interactive-api 3.0.3, every REST method', () => {
  let simulator
  let client
  let called
  let clientID
  let lastPrice

  before(async () => {
    simulator = await startSimulator()
    ;({ client, called } = watched(new Interactive(simulator.url)))
    lastPrice = await readLastPrice(simulator.url)
  })
  after(() => simulator?.close())

  const order = (changes = {}) => ({
    exchangeSegment: RELIANCE.segment,
    exchangeInstrumentID: RELIANCE.token,
    productType: 'MIS',
    orderType: 'LIMIT',
    orderSide: 'BUY',
    timeInForce: 'DAY',
    disclosedQuantity: 0,
    orderQuantity: 5,
    limitPrice: restingPrice(),
    stopPrice: 0,
    orderUniqueIdentifier: 'official-1',
    clientID,
    ...changes,
  })
  const restingPrice = () => Math.round(lastPrice * RESTING_PRICE_PART)
  const isSuccess = (answer, code, description) => {
    assert.equal(answer.type, 'success', said(answer))
    assert.equal(answer.code, code)
    if (description !== undefined) assert.equal(answer.description, description)
    return answer.result
  }
  const statusOf = async (appOrderID) =>
    (await client.getOrderHistory(appOrderID)).result?.at(-1)?.OrderStatus
  const reaches = (appOrderID, status) =>
    eventually(
      () => statusOf(appOrderID),
      (seen) => seen === status,
    )

  it('refuses every call before the login, without asking the broker', async () => {
    const refused = await client.getBalance()
    assert.equal(refused.error.statusCode, 404)
    assert.equal(refused.error.message, 'Login is Required')
  })

  it('gets the broker error of a wrong key', async () => {
    const refused = await client.logIn({ ...LOGIN, secretKey: 'wrong' })
    assert.equal(refused.error.statusCode, 400)
    assert.match(refused.error.message, /Entered invalid credentials/)
  })

  it('logIn', async () => {
    const result = isSuccess(await client.logIn(LOGIN), 's-user-0001', 'Valid User.')
    assert.equal(typeof result.token, 'string')
    assert.equal(client.token, result.token)
    assert.equal(client.userID, result.userID)
    assert.equal(client.isInvestorClient, true)
    assert.deepEqual(client.enums.orderSide, ['BUY', 'SELL'])
    assert.ok(client.exchangeSegmentArray.some(({ key, value }) => key === 'NSECM' && value === 1))
    ;[clientID] = client.clientCodes
  })

  it('checkLoggedIn and checkClientCodes', async () => {
    assert.equal(await client.checkLoggedIn(), true)
    assert.equal(await client.checkClientCodes({ clientID }), true)
  })

  it('getEnums', async () => {
    const answer = await client.getEnums({ userID: client.userID })
    assert.equal(answer.type, 'success')
    assert.deepEqual(answer.result.dayOrNet, ['DAY', 'NET'])
    assert.ok('positionSqureOffMode' in answer.result)
  })

  it('getProfile', async () => {
    const result = isSuccess(await client.getProfile({ clientID }), 's-user-0001', 'User profile')
    assert.equal(result.ClientId, clientID)
    assert.ok(Array.isArray(result.ClientBankInfoList))
    assert.ok('NSECM' in result.ClientExchangeDetailsList)
  })

  it('getBalance', async () => {
    const result = isSuccess(await client.getBalance({ clientID }), 's-user-0002', 'OK')
    const whole = result.BalanceList.find(({ limitHeader }) => limitHeader === 'ALL|ALL|ALL')
    assert.equal(typeof whole.limitObject.RMSSubLimits.netMarginAvailable, 'string')
    assert.ok('CNCSellBenifit' in whole.limitObject.marginAvailable)
  })

  it('gets an error of HTTP 400 for each empty book', async () => {
    for (const [ask, code] of [
      [() => client.getOrderBook(), 'e-orders-0005'],
      [() => client.getTradeBook({ clientID }), 'e-tradeBook-0005'],
      [() => client.getPositions({ dayOrNet: 'NetWise', clientID }), 'e-portfolio-0005'],
    ]) {
      const refused = await ask()
      assert.equal(refused.error.statusCode, 400)
      assert.match(refused.error.message, new RegExp(code))
    }
  })

  it('placeOrder, getOrderHistory, getOrderBook, modifyOrder, cancelOrder', async () => {
    const placed = isSuccess(await client.placeOrder(order()), 's-orders-0001', 'Request sent')
    assert.equal(typeof placed.AppOrderID, 'number')
    assert.equal(placed.OrderUniqueIdentifier, 'official-1')
    assert.equal(placed.ClientID, clientID)
    await reaches(placed.AppOrderID, 'New')
    const modified = await client.modifyOrder({
      appOrderID: placed.AppOrderID,
      modifiedProductType: 'MIS',
      modifiedOrderType: 'LIMIT',
      modifiedOrderQuantity: 7,
      modifiedDisclosedQuantity: 0,
      modifiedLimitPrice: restingPrice() - 1,
      modifiedStopPrice: 0,
      modifiedTimeInForce: 'DAY',
      orderUniqueIdentifier: 'official-1',
      clientID,
    })
    assert.equal(isSuccess(modified, 's-orders-0001').AppOrderID, placed.AppOrderID)
    await reaches(placed.AppOrderID, 'Replaced')
    const rows = (await client.getOrderBook()).result
    const row = rows.find(({ AppOrderID }) => AppOrderID === placed.AppOrderID)
    assert.equal(row.OrderQuantity, 7)
    assert.match(row.OrderGeneratedDateTime, /^\d\d-\d\d-\d{4} \d\d:\d\d:\d\d$/)
    const { AppOrderID: appOrderID } = placed
    const cancelled = await client.cancelOrder({ appOrderID, orderUniqueIdentifier: 'official-1', clientID })
    assert.equal(cancelled.type, 'success')
    await reaches(appOrderID, 'Cancelled')
  })

  it('gets the broker validation error of a wrong side', async () => {
    const refused = await client.placeOrder(order({ orderSide: 'Buy' }))
    assert.equal(refused.error.statusCode, 400)
    assert.match(refused.error.message, /e-property-validation-failed/)
    assert.match(refused.error.message, /must be one of \[BUY, SELL\]/)
  })

  it('getTradeBook and getPositions after a fill', async () => {
    const answer = await client.placeOrder(order({ orderType: 'MARKET', limitPrice: 0 }))
    await reaches(isSuccess(answer, 's-orders-0001').AppOrderID, 'Filled')
    const [trade] = (await client.getTradeBook({ clientID })).result
    assert.equal(trade.LastTradedQuantity, 5)
    assert.equal(typeof trade.ExecutionID, 'string')
    const net = isSuccess(await client.getPositions({ dayOrNet: 'NetWise', clientID }), 's-portfolio-0001')
    assert.equal(net.positionList[0].Quantity, '5')
    assert.equal(net.positionList[0].ExchangeInstrumentId, String(RELIANCE.token))
    const day = await client.getPositions({ dayOrNet: 'DayWise', clientID })
    assert.equal(day.result.positionList.length, 1)
  })

  it('positionConversion', async () => {
    const answer = await client.positionConversion({
      exchangeSegment: RELIANCE.segment,
      exchangeInstrumentID: RELIANCE.token,
      oldProductType: 'MIS',
      newProductType: 'NRML',
      isDayWise: true,
      targetQty: 5,
      clientID,
    })
    const result = isSuccess(answer, 's-portfolio-0005')
    assert.equal(String(result.CovertedQty), '5')
    assert.equal(result.NewProductType, 'NRML')
  })

  it('getHoldings', async () => {
    const answer = await client.getHoldings({ clientID })
    assert.equal(answer.type, 'success', said(answer))
    assert.equal(answer.result.ClientId, clientID)
  })

  it('placeCoverOrder and exitCoverOrder', async () => {
    const answer = await client.placeCoverOrder({
      exchangeSegment: RELIANCE.segment,
      exchangeInstrumentID: RELIANCE.token,
      orderSide: 'BUY',
      orderType: 'LIMIT',
      orderQuantity: 2,
      disclosedQuantity: 0,
      limitPrice: restingPrice(),
      stopPrice: restingPrice() - 10,
      orderUniqueIdentifier: 'official-cover',
      clientID,
    })
    const legs = isSuccess(answer, 's-orders-0001')
    assert.ok(Number(legs.EntryAppOrderID) > 0)
    assert.ok(Number(legs.ExitAppOrderID) > 0)
    const exited = await client.exitCoverOrder({ appOrderID: legs.ExitAppOrderID, clientID })
    assert.equal(exited.type, 'success', said(exited))
    await reaches(legs.EntryAppOrderID, 'Cancelled')
  })

  it('bracketOrder, modifyBracketOrder, cancelBracketOrder', async () => {
    const placed = await client.bracketOrder({
      exchangeSegment: RELIANCE.segment,
      exchangeInstrumentID: RELIANCE.token,
      orderType: 'LIMIT',
      orderSide: 'BUY',
      disclosedQuantity: 0,
      orderQuantity: 2,
      limitPrice: restingPrice(),
      squarOff: 10,
      stopLossPrice: 10,
      trailingStoploss: 1,
      isProOrder: false,
      orderUniqueIdentifier: 'official-bracket',
      clientID,
    })
    isSuccess(placed, 's-bracketorders-0002')
    const isEntry = (row) => row.OrderUniqueIdentifier === 'official-bracket' && row.BoLegDetails === 1
    const entry = await eventually(
      async () =>
        (await client.getOrderBook()).result?.find((row) => isEntry(row) && row.OrderStatus === 'New'),
      (row) => row !== undefined,
    )
    const modified = await client.modifyBracketOrder({
      appOrderID: entry.AppOrderID,
      orderQuantity: 3,
      limitPrice: restingPrice() - 1,
      stopPrice: 0,
      clientID,
    })
    assert.equal(modified.type, 'success', said(modified))
    await reaches(entry.AppOrderID, 'Replaced')
    const cancelled = await client.cancelBracketOrder({ boEntryOrderId: entry.AppOrderID })
    isSuccess(cancelled, 's-bracketorder-0014')
    await reaches(entry.AppOrderID, 'Cancelled')
  })

  it('exchangeStatus and exchangeMessage', async () => {
    const status = isSuccess(await client.exchangeStatus({ userID: client.userID }), 's-status-0001')
    assert.ok(status.marketStatus.some(({ exchangeSegment }) => exchangeSegment === 'NSECM'))
    const messages = isSuccess(await client.exchangeMessage({ exchangeSegment: 'NSECM' }), 's-messages-0001')
    assert.ok(Array.isArray(messages.messageList))
  })

  it('logOut ends the token', async () => {
    isSuccess(await client.logOut(), 's-user-0001', 'successfully logout from all API.')
    const refused = await client.getBalance({ clientID })
    assert.equal(refused.error.statusCode, 400)
    assert.match(refused.error.message, /Token\/Authorization not found/)
  })

  it('was called whole', () => {
    assert.deepEqual([...called].sort(), methodsOf(Interactive))
  })
})

async function readLastPrice(url) {
  const post = async (path, body, token = '') => {
    const headers = { 'content-type': 'application/json', authorization: token }
    const response = await fetch(`${url}/apimarketdata${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    return (await response.json()).result
  }
  const { token } = await post('/auth/login', KEYS.market)
  const instruments = [{ exchangeSegment: RELIANCE.segmentNumber, exchangeInstrumentID: RELIANCE.token }]
  const quote = await post(
    '/instruments/quotes',
    { instruments, xtsMessageCode: 1512, publishFormat: 'JSON' },
    token,
  )
  return JSON.parse(quote.listQuotes[0]).LastTradedPrice
}
