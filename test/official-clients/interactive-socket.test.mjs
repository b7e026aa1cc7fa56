import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import interactiveApi from 'xts-interactive-api'
import { Heard } from './support/heard.mjs'
import { silence } from './support/silence.mjs'
import { KEYS, RELIANCE, startSimulator } from './support/simulator-process.mjs'
import { methodsOf, watched } from './support/watched.mjs'

const { Interactive, WS } = interactiveApi
const LOGIN = { ...KEYS.interactive, source: 'WEBAPI' }

describe('xts-interactive-api 3.0.3, its socket', () => {
  const heard = new Heard()
  let simulator
  let rest
  let socket
  let called

  before(async () => {
    simulator = await startSimulator()
    rest = new Interactive(simulator.url)
    await rest.logIn(LOGIN)
    ;({ client: socket, called } = watched(new WS(simulator.url)))
  })
  after(() => {
    silence(socket)
    return simulator?.close()
  })

  it('connects and is joined', async () => {
    socket.onConnect(heard.as('connect'))
    socket.onJoined(heard.as('joined'))
    socket.onError(heard.as('error'))
    socket.onDisconnect(heard.as('disconnect'))
    socket.onOrder(heard.as('order'))
    socket.onTrade(heard.as('trade'))
    socket.onPosition(heard.as('position'))
    socket.onLogout(heard.as('logout'))
    socket.init({ userID: rest.userID, token: rest.token })
    const joined = JSON.parse(await heard.first('joined'))
    assert.equal(joined.code, 's-socket-0001')
    assert.equal(joined.description, 'Socket joined successfully!')
    assert.equal(heard.all('connect').length, 1)
  })

  it('hears order, trade and position of a market order', async () => {
    const placed = await rest.placeOrder({
      exchangeSegment: RELIANCE.segment,
      exchangeInstrumentID: RELIANCE.token,
      productType: 'NRML',
      orderType: 'MARKET',
      orderSide: 'BUY',
      timeInForce: 'DAY',
      disclosedQuantity: 0,
      orderQuantity: 3,
      limitPrice: 0,
      stopPrice: 0,
      orderUniqueIdentifier: 'official-socket',
      clientID: rest.clientCodes[0],
    })
    const { AppOrderID } = placed.result
    const isMine = (event) => event.AppOrderID === AppOrderID
    await heard.first('order', (event) => isMine(event) && event.OrderStatus === 'PendingNew')
    const filled = await heard.first('order', (event) => isMine(event) && event.OrderStatus === 'Filled')
    assert.equal(filled.MessageCode, 9004)
    assert.equal(filled.OrderSide, 'Buy')
    assert.equal(filled.OrderSideAPI, 'BUY')
    const trade = await heard.first('trade', isMine)
    assert.equal(trade.MessageCode, 9005)
    assert.equal(typeof trade.ExecutionID, 'string')
    for (const book of ['DayWise', 'NetWise']) {
      const position = await heard.first('position', (event) => event.IsDayWiseNetWise === book)
      assert.equal(position.MessageCode, 9002)
      assert.equal(position.ExchangeInstrumentID, String(RELIANCE.token))
    }
  })

  it('opens itself anew after a lost connection', async () => {
    await simulator.control('POST', '/faults', { name: 'all-sessions-dropped' })
    await heard.first('disconnect')
    await heard.first('joined', () => heard.all('joined').length === 2)
  })

  it('is told of the logout when somebody else logs in with its key', async () => {
    await new Interactive(simulator.url).logIn(LOGIN)
    await heard.first('logout')
    await heard.first('disconnect', () => heard.all('disconnect').length === 2)
  })

  it('hears an error for a token that is no longer good', async () => {
    silence(socket)
    socket.init({ userID: rest.userID, token: rest.token })
    assert.equal(await heard.first('error'), 'Invalid Token')
  })

  it('was called whole', () => {
    assert.deepEqual([...called].sort(), methodsOf(WS))
  })
})
