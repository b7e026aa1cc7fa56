import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { inflateRawSync } from 'node:zlib'
import connect4 from 'socket.io-client'
import connect2 from 'socket.io-client-2'
import { Heard } from './support/heard.mjs'
import { KEYS, RELIANCE, startSimulator } from './support/simulator-process.mjs'

// Engine.IO 3 pings from the client and marks binary frames with a leading byte; Engine.IO 4 pings from the server and does
// not. The broker's own clients speak 3, the Python clients of today 4; both are served, over every transport.
const CLIENTS = [
  ['Engine.IO 3 (socket.io-client 2.5.0)', connect2, { forceNode: true }],
  ['Engine.IO 4 (socket.io-client 4.8.4)', connect4, {}],
]
const WAYS = [
  ['polling', { transports: ['polling'] }],
  ['websocket', { transports: ['websocket'] }],
  ['polling, then websocket', { transports: ['polling', 'websocket'] }],
]
const SHARE = { exchangeSegment: RELIANCE.segmentNumber, exchangeInstrumentID: RELIANCE.token }
const BINARY_PREFIX = '/apibinarymarketdata'
const COMPRESSED = 1
/** In the payload of the 64-bit generation. */
const LAST_PRICE_OFFSET = 92

let simulator
let interactive
let market
before(async () => {
  simulator = await startSimulator({ TICKS_PER_SECOND: 20 })
  interactive = await logIn('/interactive/user/session', { ...KEYS.interactive, source: 'WEBAPI' })
  market = await logIn(`${BINARY_PREFIX}/auth/login`, KEYS.market)
  for (const xtsMessageCode of [1501, 1512]) {
    const body = { instruments: [SHARE], xtsMessageCode }
    const answer = await call('POST', `${BINARY_PREFIX}/instruments/subscription`, market.token, body)
    assert.equal(answer.type, 'success', JSON.stringify(answer))
  }
})
after(() => simulator?.close())

for (const [generation, connect, options] of CLIENTS) {
  for (const [way, transports] of WAYS) {
    describe(`${generation} over ${way}`, () => {
      const open = (path, query, events) => {
        const heard = new Heard()
        const socket = connect(simulator.url, {
          path,
          query,
          reconnection: false,
          forceNew: true,
          ...options,
          ...transports,
        })
        for (const name of ['joined', 'error', 'connect_error', ...events]) socket.on(name, heard.as(name))
        return { socket, heard }
      }
      const marketQuery = (publishFormat) => ({
        token: market.token,
        userID: market.userID,
        publishFormat,
        broadcastMode: 'Full',
      })

      it('joins the order socket and hears an order', async () => {
        const query = { token: interactive.token, userID: interactive.userID, apiType: 'INTERACTIVE' }
        const { socket, heard } = open('/interactive/socket.io', query, ['order'])
        try {
          assert.equal(JSON.parse(await heard.first('joined')).code, 's-socket-0001')
          const { AppOrderID } = await placeOrder()
          const isMine = (text) => JSON.parse(text).AppOrderID === AppOrderID
          assert.equal(JSON.parse(await heard.first('order', isMine)).MessageCode, 9004)
        } finally {
          socket.close()
        }
      })

      it('hears JSON market data', async () => {
        const { socket, heard } = open(`${BINARY_PREFIX}/socket.io`, marketQuery('JSON'), ['1512-json-full'])
        try {
          const message = JSON.parse(await heard.first('1512-json-full'))
          assert.equal(message.ExchangeInstrumentID, RELIANCE.token)
        } finally {
          socket.close()
        }
      })

      it('hears binary market data as the bytes of the packet, without a mark before them', async () => {
        const { socket, heard } = open(`${BINARY_PREFIX}/socket.io`, marketQuery('Binary'), [
          'xts-binary-packet',
        ])
        try {
          const packet = Buffer.from(await heard.first('xts-binary-packet'))
          assert.equal(packet.readInt8(0), COMPRESSED)
          assert.equal(packet.readUInt16LE(1), 1501)
          assert.equal(packet.readInt32LE(5), RELIANCE.token)
          const payload = inflateRawSync(packet.subarray(17, 17 + packet.readUInt16LE(15)))
          assert.equal(payload.length, packet.readUInt16LE(13))
          assert.ok(payload.readDoubleLE(LAST_PRICE_OFFSET) > 0)
        } finally {
          socket.close()
        }
      })

      it('is refused with Invalid Token when it has no good one', async () => {
        const { socket, heard } = open(
          `${BINARY_PREFIX}/socket.io`,
          { ...marketQuery('JSON'), token: 'x' },
          [],
        )
        try {
          const refused = generation.startsWith('Engine.IO 3')
            ? await heard.first('error')
            : (await heard.first('connect_error')).message
          assert.equal(refused, 'Invalid Token')
        } finally {
          socket.close()
        }
      })
    })
  }
}

async function call(method, path, token, body) {
  const response = await fetch(simulator.url + path, {
    method,
    headers: { 'content-type': 'application/json', authorization: token },
    body: JSON.stringify(body),
  })
  return response.json()
}

async function logIn(path, keys) {
  return (await call('POST', path, '', keys)).result
}

async function placeOrder() {
  const order = {
    exchangeSegment: RELIANCE.segment,
    exchangeInstrumentID: RELIANCE.token,
    productType: 'MIS',
    orderType: 'MARKET',
    orderSide: 'BUY',
    timeInForce: 'DAY',
    disclosedQuantity: 0,
    orderQuantity: 1,
    limitPrice: 0,
    stopPrice: 0,
    orderUniqueIdentifier: 'generations',
  }
  return (await call('POST', '/interactive/orders', interactive.token, order)).result
}
