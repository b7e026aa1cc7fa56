import { ManualClock } from '@xts-bridge/contracts'
import { HttpCaller } from './http-caller'
import { httpAnswer, startRawServer, type RawServer } from './testing/raw-server'

let server: RawServer | undefined
let caller: HttpCaller | undefined

afterEach(async () => {
  await caller?.close()
  await server?.close()
})

/** What each attempt's receiver got. */
async function download(answers: readonly string[]): Promise<{ received: string[]; outcome: unknown }> {
  let next = 0
  server = await startRawServer((socket) => {
    const answer = answers[next] ?? ''
    next += 1
    if (answer === 'cut') socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')
    else socket.write(answer)
  })
  const received: string[] = []
  caller = new HttpCaller({
    baseUrl: `http://127.0.0.1:${server.port}`,
    verifyTls: true,
    timeoutMs: 10_000,
    clock: { nowMs: () => Date.now(), after: (_, callback) => new ManualClock().after(0, callback) },
    retry: { retries: 0 },
  })
  const receiveBody = (): ((piece: Uint8Array) => void) => {
    const attempt = received.push('') - 1
    return (piece) => (received[attempt] += Buffer.from(piece).toString())
  }
  const outcome = await caller.call({ family: 'read', method: 'POST', path: '/list', body: {}, receiveBody })
  return { received, outcome }
}

describe('a body that is received piece by piece', () => {
  it('is not kept as well', async () => {
    const { received, outcome } = await download([httpAnswer(200, 'a list')])
    expect(received).toEqual(['a list'])
    expect(outcome).toEqual({ kind: 'answered', status: 200, text: '' })
  })

  it('is kept when the answer is an error', async () => {
    const { received, outcome } = await download([httpAnswer(400, 'no list')])
    expect(received).toEqual([])
    expect(outcome).toEqual({ kind: 'answered', status: 400, text: 'no list' })
  })

  it('is lost when it breaks off, whatever was received', async () => {
    const { received, outcome } = await download(['cut'])
    expect(received).toEqual(['half'])
    expect(outcome).toMatchObject({ kind: 'lost' })
  })
})
