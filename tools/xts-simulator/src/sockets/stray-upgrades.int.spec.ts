import { connect } from 'node:net'
import { startSimulator, type RunningSimulator } from '../index'

let simulator: RunningSimulator
beforeAll(async () => {
  simulator = await startSimulator({ port: 0, controlPort: 0, universe: 'small' })
})
afterAll(() => simulator.close())

/** Everything the broker says to a handshake at this path until it hangs up; the client never does. */
function answerTo(path: string): Promise<string> {
  const handshake =
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n'
  return new Promise((resolve, reject) => {
    const socket = connect({ port: simulator.port, host: '127.0.0.1', allowHalfOpen: true })
    let heard = ''
    socket.setTimeout(5_000, () => socket.destroy(new Error('the broker does not hang up')))
    socket.on('data', (chunk) => (heard += chunk.toString()))
    socket.on('error', reject)
    socket.on('end', () => {
      socket.destroy()
      resolve(heard)
    })
    socket.write(handshake)
  })
}

it.each(['/none', '/interactive/socket.io', '/interactive/orders'])(
  'hangs up on a WebSocket wanted at %s, where no door is',
  async (path) => {
    expect(await answerTo(path)).toMatch(/^HTTP\/1\.1 404 /)
  },
)

it('leaves the doors to those who know them, whatever they bring', async () => {
  const path = '/interactive/socket.io/?EIO=3&transport=websocket&sid=unknown'
  expect(await answerTo(path)).toMatch(/^HTTP\/1\.1 400 /)
})
