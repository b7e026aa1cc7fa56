import { ManualClock } from '@xts-bridge/contracts'
import { HttpCaller, type HttpOutcome } from '@xts-bridge/http'
import { MarketSocket, type MarketSocketOptions } from './market-socket'
import type { MarketUpdate } from './model'
import { brokerProfile } from './profiles'
import { SocketProtocols } from './socket-protocol'
import { head, level, NUMBERS, packet, tail } from './testing/binary'
import { FakeBroker } from './testing/fake-broker'

const clock = new ManualClock()
const TOKEN = { token: 'jwt-1', userId: 'ABC1234A02', clientCodes: [], isInvestorClient: false, epoch: 1 }
let broker: FakeBroker
let socket: MarketSocket
let log: string[] = []
let updates: MarketUpdate[] = []

async function openMarket(also: Partial<MarketSocketOptions>): Promise<MarketSocket> {
  broker = new FakeBroker('/apibinarymarketdata/socket.io', false)
  socket = new MarketSocket({
    profile: brokerProfile('simulator', { baseUrl: await broker.listen() }),
    clock,
    token: () => TOKEN,
    onUpdate: (update) => updates.push(update),
    onJoined: () => void log.push('joined'),
    onLogout: () => undefined,
    onDown: (reason, refused) =>
      void log.push(refused === undefined ? reason : `refused ${refused}: ${reason}`),
    ...also,
  })
  return socket
}

/** Moves the manual clock until the condition holds; real traffic happens between the steps. */
async function untilWithTime(condition: () => boolean, stepMs = 100): Promise<void> {
  for (const deadline = Date.now() + 10_000; !condition();) {
    if (Date.now() > deadline) throw new Error(`the condition never came true; log: ${log.join(' | ')}`)
    await clock.advance(stepMs)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

beforeEach(() => {
  log = []
  updates = []
})
afterEach(async () => {
  await socket.close()
  await broker.close()
})

describe('a server of Engine.IO 4', () => {
  let http: HttpCaller | undefined
  afterEach(async () => {
    await http?.close()
    http = undefined
  })

  /** Asks whatever server the test has opened by then. */
  const asking = (): Pick<HttpCaller, 'call'> => ({
    call: async (request) => {
      http ??= new HttpCaller({ baseUrl: broker.address(), verifyTls: true, timeoutMs: 5_000, clock })
      return http.call(request)
    },
  })

  it('is spoken to in its own tongue once it has refused the older one, binary frames too', async () => {
    const protocols = new SocketProtocols()
    const socket = await openMarket({ http: asking(), protocols })
    socket.start()
    await untilWithTime(() => socket.isLive)
    expect(log).toEqual([expect.stringContaining('Invalid WebSocket frame'), 'joined'])
    const of = { code: 1501, segment: 2, token: 48_225 }
    const writer = level(level(head(of), true, [130, 101.45, 2]), true, [65, 101.55, 1])
    broker.latest.emit('xts-binary-packet', packet(of, tail(writer, true, NUMBERS).done()))
    await untilWithTime(() => updates.length === 1)
    expect(updates[0]).toMatchObject({ lastPrice: 101.5 })
    broker.latest.disconnect(true)
    await untilWithTime(() => !socket.isLive)
    await untilWithTime(() => socket.isLive)
    expect(log.filter((line) => line.includes('Invalid WebSocket frame'))).toHaveLength(1)
  })

  it('still refuses a dead token at the door', async () => {
    const socket = await openMarket({ http: asking(), protocols: new SocketProtocols() })
    broker.refusal = 'Invalid Token'
    socket.start()
    await untilWithTime(() => log.some((line) => line.includes('refused 1')))
    expect(log.at(-1)).toMatch(/refused 1: .*Invalid Token/)
  })

  it('stays refused when nobody may ask', async () => {
    const struggles: string[] = []
    const socket = await openMarket({
      protocols: new SocketProtocols(),
      onStruggling: (attempts) => struggles.push(`after ${attempts}`),
    })
    socket.start()
    await untilWithTime(() => log.length >= 8, 1_000)
    expect(struggles).toEqual(['after 5'])
    expect(socket.isLive).toBe(false)
  })
})

it('a server that refuses the handshake for another reason is not taken for a newer one', async () => {
  const protocols = new SocketProtocols()
  const answers: HttpOutcome[] = [
    { kind: 'answered', status: 400, text: '{"code":1,"message":"Session ID unknown"}' },
    { kind: 'answered', status: 404, text: 'Unsupported protocol version' },
    { kind: 'lost', reason: 'reset' },
  ]
  for (const answer of answers) {
    const asked = await protocols.ask('http://x/socket.io', { call: async () => answer }, '/socket.io')
    expect([asked, protocols.of('http://x/socket.io')]).toEqual([false, 3])
  }
})
