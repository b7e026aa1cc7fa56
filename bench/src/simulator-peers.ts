import { createServer, type RequestListener } from 'node:http'
import express, { type Express } from 'express'
import { WebSocketServer } from 'ws'

/**
 * The bare servers that the simulator is measured against, each in a process of its own: what Express costs to answer a
 * constant, and what ws costs to send one. `node simulator-peers.js express|ws PORT`.
 */
const [kind, portText] = process.argv.slice(2)
const port = Number(portText)

const ACKNOWLEDGEMENT = {
  type: 'success',
  code: 's-orders-0001',
  description: 'Request sent',
  result: { AppOrderID: 1_110_037_830, OrderUniqueIdentifier: 'bench', ClientID: 'SIM0001' },
}

function expressApp(): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(express.json())
  app.post('/interactive/orders', (_request, response) => {
    response.json(ACKNOWLEDGEMENT)
  })
  return app
}

/** Sends each client one message as often as its socket takes it. */
function sendForever(text: string | Buffer): void {
  const server = new WebSocketServer({ port, host: '127.0.0.1', perMessageDeflate: false }, () =>
    process.send?.('up'),
  )
  server.on('connection', (client) => client.send('0{}'))
  const turn = (): void => {
    for (const client of server.clients) {
      for (let sent = 0; sent < 100 && client.bufferedAmount < 1_000_000; sent += 1) client.send(text)
    }
    setImmediate(turn)
  }
  turn()
}

/** One plain packet with a payload of so many bytes, as a frame of the market-data socket. */
function plainPacket(payloadBytes: number): Buffer {
  const frame = Buffer.alloc(16 + payloadBytes)
  frame.writeUInt8(4, 0)
  frame.writeUInt16LE(payloadBytes, 14)
  return frame
}

switch (kind) {
  case 'express':
    createServer(expressApp() as RequestListener).listen(port, '127.0.0.1', () => process.send?.('up'))
    break
  case 'ws-json':
    sendForever(`42["1501-json-partial","${'x'.repeat(230)}"]`)
    break
  case 'ws-binary':
    sendForever(plainPacket(204))
    break
  default:
    throw new Error(`unknown peer ${String(kind)}`)
}
