import { Dealer, Request } from 'zeromq'
import type { ReplyEnvelope } from '@xts-bridge/contracts'
import { startHouse, type House } from '../support/house'
import { Strategy, brokerOrders } from '../support/strategy'

const LIMIT = {
  exchange: 'NSE',
  symbol: 'RELIANCE',
  side: 'BUY',
  quantity: 1,
  priceType: 'LIMIT',
  product: 'MIS',
  price: 1,
}

let house: House
let strategy: Strategy
let future = { symbol: '', lotSize: 0 }
beforeAll(async () => {
  house = await startHouse()
  strategy = new Strategy(house)
  future = await findFuture()
})
afterAll(async () => {
  await strategy?.close()
})

/** A NIFTY future of the simulator's list, by the near matches of a symbol that is not there. */
async function findFuture(): Promise<{ symbol: string; lotSize: number }> {
  const error = await strategy
    .ask('instruments', 'instruments.find', { exchange: 'NFO', symbol: 'NIFTYFUT' })
    .then(
      () => undefined,
      (thrown: { details: { near: string[] } }) => thrown,
    )
  for (const symbol of error?.details.near ?? []) {
    const found = await strategy.ask<{ symbol: string; lotSize: number }>('instruments', 'instruments.find', {
      exchange: 'NFO',
      symbol,
    })
    if (found.lotSize > 1) return found
  }
  throw new Error(`no derivative among ${JSON.stringify(error?.details)}`)
}

interface Refusal {
  readonly kind: string
  readonly code: string
  readonly message: string
}

/** One raw exchange over a DEALER: the frames as given, the one reply. */
async function sendRaw(...frames: string[]): Promise<Refusal & { id: string }> {
  const socket = new Dealer({ linger: 0, receiveTimeout: 10_000 })
  socket.connect(house.places.endpoints.ORDERS_REQUESTS_ENDPOINT)
  try {
    await socket.send(frames)
    return refusalOf(await socket.receive())
  } finally {
    socket.close()
  }
}

function refusalOf(frames: readonly Buffer[]): Refusal & { id: string } {
  const reply = JSON.parse(String(frames.at(-1))) as ReplyEnvelope
  if (reply.ok) throw new Error('expected a refusal')
  return { id: reply.id, kind: reply.error.kind, code: reply.error.code, message: reply.error.message }
}

const envelope = (changes: object): string =>
  JSON.stringify({ v: 1, id: 'r1', apiKey: house.apiKey, data: LIMIT, ...changes })

async function post(
  path: string,
  body: string,
): Promise<{ status: number; body: { status: string; message: unknown } }> {
  const reply = await fetch(`${house.restUrl}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  return { status: reply.status, body: (await reply.json()) as { status: string; message: unknown } }
}
const restOrder = (changes: object): string =>
  JSON.stringify({
    apikey: house.apiKey,
    strategy: 's',
    symbol: 'RELIANCE',
    exchange: 'NSE',
    action: 'BUY',
    quantity: '1',
    pricetype: 'LIMIT',
    product: 'MIS',
    price: '1300',
    ...changes,
  })

describe('bad input over the bus gets one reply with kind, code and a sentence', () => {
  it.each<[string, () => Promise<Refusal>, Partial<Refusal>, string]>([
    [
      'one frame',
      () => sendRaw('order.place'),
      { kind: 'invalid', code: 'ENVELOPE_MALFORMED' },
      'two frames',
    ],
    [
      'three frames',
      () => sendRaw('order.place', '{}', '{}'),
      { kind: 'invalid', code: 'ENVELOPE_MALFORMED' },
      'two frames',
    ],
    [
      'no JSON',
      () => sendRaw('order.place', '{"v":1'),
      { kind: 'invalid', code: 'ENVELOPE_MALFORMED' },
      'not JSON',
    ],
    [
      'another version',
      () => sendRaw('order.place', envelope({ v: 9 })),
      { kind: 'invalid', code: 'ENVELOPE_MALFORMED' },
      'v',
    ],
    [
      'unknown subject',
      () => sendRaw('order.teleport', envelope({})),
      { kind: 'invalid', code: 'SUBJECT_UNKNOWN' },
      'order.teleport',
    ],
    [
      'a subject of another service',
      () => sendRaw('market.quotes', envelope({})),
      { kind: 'invalid', code: 'SUBJECT_UNKNOWN' },
      'market.quotes',
    ],
    [
      'expired deadline',
      () => sendRaw('order.place', envelope({ deadlineAtMs: 1 })),
      { kind: 'refused', code: 'DEADLINE_EXPIRED' },
      'deadline',
    ],
    [
      'no key',
      () => sendRaw('order.place', envelope({ apiKey: undefined })),
      { kind: 'refused', code: 'KEY_MISSING' },
      'apiKey',
    ],
    [
      'wrong key',
      () => sendRaw('order.place', envelope({ apiKey: 'f'.repeat(64) })),
      { kind: 'refused', code: 'KEY_INVALID' },
      'apiKey',
    ],
    [
      'missing field',
      () => sendRaw('order.place', envelope({ data: { ...LIMIT, quantity: undefined } })),
      { kind: 'invalid', code: 'REQUEST_INVALID' },
      'quantity is missing',
    ],
    [
      'wrong type',
      () => sendRaw('order.place', envelope({ data: { ...LIMIT, price: '1' } })),
      { kind: 'invalid', code: 'REQUEST_INVALID' },
      'price',
    ],
    [
      'unknown field',
      () => sendRaw('order.place', envelope({ data: { ...LIMIT, stoploss: 1 } })),
      { kind: 'invalid', code: 'REQUEST_INVALID' },
      'stoploss',
    ],
    [
      'no data',
      () => sendRaw('order.place', envelope({ data: undefined })),
      { kind: 'invalid', code: 'ENVELOPE_MALFORMED' },
      'data: is missing',
    ],
    [
      'another account',
      () => sendRaw('order.place', envelope({ data: { ...LIMIT, account: 'nobody' } })),
      {},
      'nobody',
    ],
    [
      'unknown symbol',
      () => sendRaw('order.place', envelope({ data: { ...LIMIT, symbol: 'RELIANC' } })),
      { kind: 'refused', code: 'INSTRUMENT_NOT_FOUND' },
      'RELIANCE',
    ],
    [
      'an index',
      () => sendRaw('order.place', envelope({ data: { ...LIMIT, exchange: 'NSE_INDEX', symbol: 'NIFTY' } })),
      { code: 'INSTRUMENT_NOT_TRADABLE' },
      'NIFTY',
    ],
    [
      'half a lot',
      () =>
        sendRaw(
          'order.place',
          envelope({
            data: {
              ...LIMIT,
              exchange: 'NFO',
              symbol: future.symbol,
              quantity: future.lotSize + 1,
              priceType: 'MARKET',
              price: 0,
            },
          }),
        ),
      { kind: 'invalid', code: 'ORDER_QUANTITY_NOT_LOT_MULTIPLE' },
      'quantity',
    ],
    [
      'price off tick',
      () => sendRaw('order.place', envelope({ data: { ...LIMIT, price: 1300.033 } })),
      { kind: 'invalid' },
      'price',
    ],
    [
      'smart order without a target',
      () => sendRaw('order.smart', envelope({ data: { exchange: 'NSE', symbol: 'RELIANCE' } })),
      { kind: 'invalid', code: 'REQUEST_INVALID' },
      'targetPosition is missing',
    ],
  ])('%s', async (_what, ask, expected, named) => {
    const refusal = await ask()
    expect(refusal).toMatchObject(expected)
    expect(refusal.message).toContain(named)
  })

  it('a price off tick is named so when it is the only problem', async () => {
    const { ltp } = await strategy.ask<{ ltp: number }>('feed', 'market.quotes', {
      exchange: 'NSE',
      symbol: 'RELIANCE',
    })
    const offTick = Math.round(ltp) + 0.033
    const refusal = await sendRaw('order.place', envelope({ data: { ...LIMIT, price: offTick } }))
    expect(refusal).toMatchObject({ kind: 'invalid', code: 'ORDER_PRICE_OFF_TICK' })
    expect(refusal.message).toContain(String(offTick))
  })

  it('a plain REQ socket gets its refusal too, and can ask again', async () => {
    const socket = new Request({ linger: 0, receiveTimeout: 10_000 })
    socket.connect(house.places.endpoints.ORDERS_REQUESTS_ENDPOINT)
    for (const subject of ['nonsense', 'order.place']) {
      await socket.send([subject, '{'])
      expect(refusalOf(await socket.receive())).toMatchObject({ kind: 'invalid' })
    }
    socket.close()
  })
})

describe('bad input over REST gets one JSON reply', () => {
  it.each<[string, () => ReturnType<typeof post>, number, string]>([
    ['no JSON', () => post('placeorder', '{"apikey":'), 400, ''],
    ['unknown path', () => post('teleport', '{}'), 404, 'Not found'],
    ['no key', () => post('placeorder', restOrder({ apikey: undefined })), 400, 'apikey'],
    [
      'wrong key',
      () => post('placeorder', restOrder({ apikey: 'f'.repeat(64) })),
      403,
      'Invalid openalgo apikey',
    ],
    ['missing field', () => post('placeorder', restOrder({ symbol: undefined })), 400, 'symbol'],
    ['unknown field', () => post('placeorder', restOrder({ target: 1 })), 400, 'Unknown field.'],
    ['wrong type', () => post('placeorder', restOrder({ quantity: 'abc' })), 400, 'Not a valid number.'],
    ['unknown symbol', () => post('placeorder', restOrder({ symbol: 'RELIANC' })), 400, 'RELIANC'],
    [
      'half a lot',
      () =>
        post(
          'placeorder',
          restOrder({
            exchange: 'NFO',
            symbol: future.symbol,
            quantity: future.lotSize + 1,
            pricetype: 'MARKET',
            price: 0,
          }),
        ),
      400,
      'lot size',
    ],
    ['price off tick', () => post('placeorder', restOrder({ price: 1300.033 })), 400, 'price'],
    [
      'smart order without a position_size',
      () => post('placesmartorder', restOrder({})),
      400,
      'position_size',
    ],
    [
      'quotes of an unknown symbol',
      () => post('quotes', JSON.stringify({ apikey: house.apiKey, symbol: 'NOSUCH', exchange: 'NSE' })),
      400,
      'NOSUCH',
    ],
  ])('%s', async (_what, ask, status, named) => {
    const reply = await ask()
    expect([reply.status, reply.body.status]).toEqual([status, 'error'])
    expect(JSON.stringify(reply.body.message)).toContain(named)
  })
})

describe('after all of it', () => {
  it('no order reached the broker, no service died, and a good order is still filled', async () => {
    expect(await brokerOrders(house)).toEqual([])
    expect(Object.values(house.record()?.services ?? {}).map(({ restarts }) => restarts)).toEqual(
      Object.values(house.record()?.services ?? {}).map(() => 0),
    )
    const reply = await post('placeorder', restOrder({ pricetype: 'MARKET', price: 0 }))
    expect(reply).toMatchObject({ status: 200, body: { status: 'success' } })
  })
})
