import io from 'socket.io-client'
import { startSimulator, type RunningSimulator } from '../index'
import { XtsClient, type HttpAnswer, type XtsSocket } from '../testing/xts-client'

const KEYS = { appKey: 'ik', secretKey: 'i$ecret' }
const ENTRY = {
  exchangeSegment: 'NSECM', exchangeInstrumentID: 2885, orderSide: 'BUY', orderType: 'LIMIT', orderQuantity: 10,
  disclosedQuantity: 0, limitPrice: 1450, orderUniqueIdentifier: 'tag-1',
} // prettier-ignore
const COVER = { ...ENTRY, stopPrice: 1440 }
const BRACKET = { ...ENTRY, squarOff: 20, stopLossPrice: 10, trailingStoploss: 0, isProOrder: false }

type Row = Record<string, unknown>

describe('cover and bracket orders over the wire', () => {
  let simulator: RunningSimulator
  let client: XtsClient
  let control: XtsClient
  let socket: XtsSocket

  beforeEach(async () => {
    simulator = await startSimulator({
      port: 0, controlPort: 0, universe: 'small', interactiveKey: KEYS.appKey, interactiveSecret: KEYS.secretKey,
      ticksPerSecond: 0,
    }) // prettier-ignore
    client = new XtsClient(`http://127.0.0.1:${simulator.port}`, io)
    control = new XtsClient(`http://127.0.0.1:${simulator.controlPort}`, io)
    await client.login('/interactive/user/session', { ...KEYS, source: 'WebAPI' })
    socket = client.openSocket('/interactive/socket.io', { apiType: 'INTERACTIVE' })
    await socket.hears('joined')
  })

  afterEach(async () => {
    client.close()
    await simulator.close()
  })

  const orders = (isMeant: (row: Row) => boolean): Row[] => socket.messages('order').filter(isMeant)
  const reaches = (isMeant: (row: Row) => boolean, status: string): Promise<void> =>
    socket.until(() => orders(isMeant).some((row) => row['OrderStatus'] === status))
  const ofLeg = (leg: number) => (row: Row) => row['BoLegDetails'] === leg
  const movePrice = (price: number): Promise<unknown> =>
    control.call('POST', '/price', { segment: 'NSECM', token: 2885, price })
  const numberIn = (answer: HttpAnswer, field: string): number =>
    (answer.body?.result as Record<string, number>)[field] ?? 0

  it('answers a cover order with both numbers, covers its fill, and leaves it at the market', async () => {
    const placed = await client.call('POST', '/interactive/orders/cover', COVER)
    expect(placed).toMatchObject({
      status: 200,
      body: { type: 'success', code: 's-orders-0001', description: 'Request sent' },
    })
    expect(Object.keys(placed.body?.result as object)).toEqual(
      ['EntryAppOrderID', 'ExitAppOrderID', 'OrderUniqueIdentifier', 'ClientID'], // prettier-ignore
    )
    const exitId = numberIn(placed, 'ExitAppOrderID')
    const isExit = (row: Row): boolean => row['AppOrderID'] === exitId
    await reaches((row) => row['AppOrderID'] === numberIn(placed, 'EntryAppOrderID'), 'New')
    await movePrice(1445)
    await reaches(isExit, 'New')
    expect(orders(isExit).at(-1)).toMatchObject({
      OrderSide: 'Sell', OrderType: 'StopMarket', OrderStopPrice: 1440, OrderQuantity: 10, ProductType: 'CO',
      BoLegDetails: 0, BoEntryOrderId: '', OrderUniqueIdentifier: 'tag-1',
    }) // prettier-ignore
    const left = await client.call('PUT', '/interactive/orders/cover', { appOrderID: exitId })
    expect(left).toMatchObject({ status: 200, body: { type: 'success', result: { AppOrderID: exitId } } })
    await reaches(isExit, 'Filled')
    expect(orders(isExit).map((row) => row['OrderStatus'])).toEqual(
      ['PendingNew', 'New', 'PendingReplace', 'Replaced', 'Filled'], // prettier-ignore
    )
    const again = await client.call('PUT', '/interactive/orders/cover', { appOrderID: exitId })
    expect(again).toMatchObject({ status: 400, body: { type: 'error' } })
  })

  it('takes a bracket from entry to target, and its legs name the entry', async () => {
    const placed = await client.call('POST', '/interactive/orders/bracket', BRACKET)
    expect(placed).toMatchObject({
      status: 200,
      body: {
        code: 's-bracketorders-0002',
        description: 'Request sent',
        result: { OrderUniqueIdentifier: 'tag-1', ClientID: 'SIM0001' },
      },
    })
    const entryId = numberIn(placed, 'AppOrderID')
    await reaches(ofLeg(1), 'New')
    await movePrice(1445)
    await reaches(ofLeg(2), 'New')
    await reaches(ofLeg(3), 'New')
    expect(orders(ofLeg(2)).at(-1)).toMatchObject({
      OrderType: 'Limit',
      OrderPrice: 1470,
      ProductType: 'BO',
      BoEntryOrderId: String(entryId),
    })
    expect(orders(ofLeg(3)).at(-1)).toMatchObject({
      OrderType: 'StopMarket',
      OrderStopPrice: 1440,
      BoEntryOrderId: String(entryId),
    })
    await movePrice(1475)
    await reaches(ofLeg(2), 'Filled')
    await reaches(ofLeg(3), 'Cancelled')
    const positions = await client.call('GET', '/interactive/portfolio/positions?dayOrNet=NetWise')
    expect(positions.body?.result).toMatchObject({ positionList: [{ ProductType: 'BO', Quantity: '0' }] })
  })

  it('changes an entry, a target and a stop loss, and ends a bracket in any stage', async () => {
    const entryId = numberIn(await client.call('POST', '/interactive/orders/bracket', BRACKET), 'AppOrderID')
    await reaches(ofLeg(1), 'New')
    const change = (appOrderID: unknown, terms: object): Promise<HttpAnswer> =>
      client.call('PUT', '/interactive/orders/bracket', {
        appOrderID,
        orderQuantity: 12,
        limitPrice: 1451,
        stopLossPrice: 15,
        ...terms,
      })
    expect(await change(entryId, {})).toMatchObject({
      body: { code: 's-bracketorders-0002', result: { AppOrderID: entryId } },
    })
    await reaches(ofLeg(1), 'Replaced')
    await movePrice(1445)
    await reaches(ofLeg(2), 'New')
    expect(orders(ofLeg(3)).at(-1)).toMatchObject({ OrderStopPrice: 1436, OrderQuantity: 12 })
    await change(orders(ofLeg(2))[0]?.['AppOrderID'], { limitPrice: 1480 })
    await change(orders(ofLeg(3))[0]?.['AppOrderID'], { stopPrice: 1439 })
    await reaches(ofLeg(2), 'Replaced')
    await reaches(ofLeg(3), 'Replaced')
    expect(orders(ofLeg(2)).at(-1)).toMatchObject({ OrderPrice: 1480, OrderQuantity: 12 })
    expect(orders(ofLeg(3)).at(-1)).toMatchObject({ OrderStopPrice: 1439, OrderQuantity: 12 })
    const ended = await client.call('DELETE', `/interactive/orders/bracket?boEntryOrderId=${entryId}`)
    expect(ended).toMatchObject({
      status: 200,
      body: {
        code: 's-bracketorder-0014',
        description: 'Request sent',
        result: { AppOrderID: entryId, ClientID: 'SIM0001' },
      },
    })
    await reaches(ofLeg(3), 'Filled')
    await reaches(ofLeg(2), 'Cancelled')
    expect(
      await client.call('DELETE', `/interactive/orders/bracket?boEntryOrderId=${entryId}`),
    ).toMatchObject({ status: 400 })
  })

  it.each<[string, string, object, object]>([
    [
      'a cover order without a stop',
      'cover',
      { ...COVER, stopPrice: undefined },
      { code: 'e-property-validation-failed' },
    ],
    [
      'a cover order of another type',
      'cover',
      { ...COVER, orderType: 'STOPLIMIT' },
      { code: 'e-property-validation-failed' },
    ],
    [
      'a bracket without a target',
      'bracket',
      { ...BRACKET, squarOff: undefined },
      { code: 'e-property-validation-failed' },
    ],
    [
      'a bracket of an unknown instrument',
      'bracket',
      { ...BRACKET, exchangeInstrumentID: 99 },
      { code: 'e-instrument-0001' },
    ],
    [
      'a bracket of somebody else',
      'bracket',
      { ...BRACKET, clientID: 'OTHER' },
      { description: 'Supplied client not mapped under dealer' },
    ],
  ])('refuses %s, and it never becomes an order', async (_, kind, body, expected) => {
    const answer = await client.call('POST', `/interactive/orders/${kind}`, body)
    expect(answer).toMatchObject({ status: 400, body: { type: 'error', ...expected } })
    expect(await client.call('GET', '/interactive/orders')).toMatchObject({ body: { code: 'e-orders-0005' } })
  })

  it.each([
    ['PUT', 'cover', { appOrderID: 5 }],
    ['PUT', 'bracket', { appOrderID: 5, orderQuantity: 1, limitPrice: 1, stopLossPrice: 1 }],
    ['DELETE', 'bracket?boEntryOrderId=5', undefined],
  ])('answers %s %s of something that is not there as not open', async (method, path, body) => {
    const answer = await client.call(method, `/interactive/orders/${path}`, body)
    expect(answer).toMatchObject({ status: 400, body: { type: 'error' } })
    expect(answer.body?.description).toContain('is not found in OpenOrder List')
  })
})
