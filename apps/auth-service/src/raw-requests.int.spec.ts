import type { ReplyEnvelope } from '@xts-bridge/contracts'
import { Request } from 'zeromq'
import { AuthHouse, LOCAL_KEY } from './testing/auth-house'

let house: AuthHouse
beforeEach(async () => {
  house = new AuthHouse()
  await house.start()
})
afterEach(() => house.remove())

/** Sends frames as a plain REQ, which hangs for ever when it gets no reply, and tells the one reply it got. */
async function sendRaw(...frames: string[]): Promise<ReplyEnvelope> {
  const socket = new Request({ linger: 0, receiveTimeout: 5_000 })
  socket.connect(house.running.bound.requests)
  await socket.send(frames)
  const reply = await socket.receive()
  socket.close()
  return JSON.parse(String(reply.at(-1))) as ReplyEnvelope
}

const envelope = (fields: object): string =>
  JSON.stringify({ v: 1, id: 'q1', apiKey: LOCAL_KEY, data: {}, ...fields })

describe('auth-service, anything a socket can send', () => {
  it.each([
    [
      'a deadline that has passed',
      ['session.status', envelope({ deadlineAtMs: 1 })],
      'refused',
      'DEADLINE_EXPIRED',
    ],
    ['a body that is no JSON', ['session.status', '{'], 'invalid', 'ENVELOPE_MALFORMED'],
    ['no body', ['session.status'], 'invalid', 'ENVELOPE_MALFORMED'],
    ['a version it does not speak', ['session.status', envelope({ v: 2 })], 'invalid', 'ENVELOPE_MALFORMED'],
    ['a key that is no text', ['session.status', envelope({ apiKey: 5 })], 'invalid', 'ENVELOPE_MALFORMED'],
    ['a subject nobody knows', ['session.steal', envelope({})], 'invalid', 'SUBJECT_UNKNOWN'],
    ['data that is no object', ['session.status', envelope({ data: [1] })], 'invalid', 'REQUEST_INVALID'],
  ] as const)('answers %j once, and goes on', async (...[, frames, kind, code]) => {
    expect(await sendRaw(...frames)).toMatchObject({ ok: false, error: { kind, code } })
    expect(await sendRaw('session.status', envelope({}))).toMatchObject({ id: 'q1', ok: true })
  })

  it('never answers with the key that was sent', async () => {
    const refused = await sendRaw('key.create', envelope({ data: { apiKey: LOCAL_KEY } }))
    expect(refused).toMatchObject({ ok: false, error: { code: 'REQUEST_INVALID' } })
    expect(JSON.stringify(refused)).not.toContain(LOCAL_KEY)
  })
})
