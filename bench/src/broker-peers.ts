import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { marketMessage } from './market-messages'

/**
 * The bare broker ends that our clients are measured on, in a process of their own, so that only the client's own work is
 * on the measured core: `node broker-peers.js http` answers one empty book to everything; `feed` sends frames in bursts to
 * each socket that asks for them by the event `go` and the form it wants.
 */
const kind = process.argv[2]
const BOOK = JSON.stringify({
  type: 'success',
  code: 's-orders-0001',
  description: 'Success order book',
  result: [],
})
const DISTINCT = 2_000
const BURST = 200

const http = createServer((request, response) => {
  request.resume()
  response.setHeader('content-type', 'application/json')
  response.end(BOOK)
})

if (kind === 'feed') serveFeed()
http.listen(0, '127.0.0.1', () => {
  const address = http.address()
  process.send?.(typeof address === 'object' && address !== null ? address.port : 0)
})
process.once('disconnect', () => process.exit())

function serveFeed(): void {
  const server = new Server(http, { path: '/apibinarymarketdata/socket.io', allowEIO3: true })
  const messages = Array.from({ length: DISTINCT }, (_, index) =>
    marketMessage(1502, 40_000 + (index % 500), index),
  )
  server.on('connection', (socket) => {
    socket.emit('joined', JSON.stringify({ type: 'success', code: 's-socket-0001', description: 'joined' }))
    const form = String(socket.handshake.query['broadcastMode'])
    const wanted = Number(socket.handshake.query['count'] ?? socket.handshake.query['userID'])
    let sent = 0
    const turn = (): void => {
      for (let each = 0; each < BURST && sent < wanted; each += 1, sent += 1) {
        const message = messages[sent % DISTINCT]
        if (message === undefined) return
        if (form === 'Partial') socket.emit('1502-json-partial', message.partial)
        else if (form === 'Binary') socket.emit('xts-binary-packet', message.plain)
        else socket.emit('1502-json-full', message.json)
      }
      if (sent < wanted && socket.connected) setTimeout(turn, 1)
    }
    setTimeout(turn, 200)
  })
}
