import { connect } from 'node:net'
import WebSocket from 'ws'
import { hostileText, hostileValue, wellFormed } from './hostile-values'
import type { SeededChance } from './seeded-chance'

/** Frames that begin as Engine.IO and Socket.IO packets do, and end otherwise. */
const FRAMES: readonly [string, ...string[]] = [
  '', '0', '1', '2', '2probe', '3', '3probe', '4', '5', '6', '7', '9', 'b', 'bAAAA', 'b!!!!', '40', '40{}', '40/admin,', '40/admin,{"x":1}',
  '41', '42', '42[]', '42{}', '42["x"]', '42["join",{"userID":"u","token":"t"}]', '42["order"', '421["x"]', '42999999999999["x"]',
  '43', '431[]', '44', '45', '451-', '451-["x",{"_placeholder":true,"num":0}]', '459999-["x"]', '45-1-["x",{"_placeholder":true,"num":9}]',
  '46', '461-1["x",{"_placeholder":true,"num":"0"}]', '47', '42["__proto__",{"__proto__":{}}]', '42["disconnect"]', '42["error"]', '4null',
] // prettier-ignore
const POLLS: readonly [string, ...string[]] = [
  '', '1:2', '1:1', '2:40', '0:', '-1:2', '99999:2', 'x:2', '1:2'.repeat(500), '4:b4AA', '6:b4!!!!', '2:41', '\u001e', '40\u001e2', '8:42["x"]', ':', '1:é',
] // prettier-ignore
const HANDSHAKES: readonly [string, ...string[]] = [
  'GET / HTTP/1.1\r\n\r\n',
  'GET %P HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'GET %P HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: short\r\nSec-WebSocket-Version: 99\r\n\r\n',
  'GET /none HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  'GET %P HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: nothing\r\n\r\n',
  'POST %P HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n',
  'POST %P HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nshort',
  '\u0016\u0003\u0001\u0000',
]

const OPENS_WITHIN_MS = 5_000
/** Long enough for the broker to say good-bye; then the connection is cut from here. */
const ENDS_WITHIN_MS = 1_000

export interface FrameTarget {
  readonly port: number
  readonly token: string
  /** `/interactive/socket.io` or one of market data. */
  readonly path: string
}

/** One connection that says wrong things, in one of the ways in which one can; resolves when it is over. */
export async function fuzzConnection(target: FrameTarget, chance: SeededChance): Promise<number> {
  const way = chance.below(10)
  if (way < 2) return rawHandshake(target, chance)
  if (way < 4) return polls(target, chance)
  return webSocket(target, chance)
}

function socketQuery({ token }: FrameTarget, transport: string, chance: SeededChance): string {
  return new URLSearchParams({
    token: chance.isTrue(0.85) ? token : wellFormed(hostileText(chance)),
    userID: 'SIM0001',
    apiType: 'INTERACTIVE',
    publishFormat: chance.pick(['JSON', 'Binary', 'x']),
    broadcastMode: chance.pick(['Full', 'Partial', '']),
    EIO: chance.pick(['3', '4', '4', '9', 'x']),
    transport,
  }).toString()
}

async function webSocket(target: FrameTarget, chance: SeededChance): Promise<number> {
  const url = `ws://127.0.0.1:${target.port}${target.path}/?${socketQuery(target, 'websocket', chance)}`
  const socket = new WebSocket(url, { handshakeTimeout: OPENS_WITHIN_MS })
  const over = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  // A refused handshake is an error here and an answer there; `close` follows in either case.
  socket.on('error', () => undefined)
  const isOpen = await new Promise<boolean>((resolve) => {
    socket.once('open', () => resolve(true))
    socket.once('close', () => resolve(false))
  })
  let sent = 0
  const wanted = 1 + chance.below(12)
  for (; isOpen && sent < wanted && socket.readyState === WebSocket.OPEN; sent += 1)
    socket.send(frame(chance))
  // Half of them go without a word.
  if (chance.isTrue(0.5)) socket.terminate()
  else socket.close()
  const cut = setTimeout(() => socket.terminate(), ENDS_WITHIN_MS)
  await over
  clearTimeout(cut)
  return sent
}

function frame(chance: SeededChance): string | Buffer {
  if (chance.isTrue(0.1))
    return Buffer.from(Array.from({ length: chance.below(40) }, () => chance.below(256)))
  if (chance.isTrue(0.1))
    return `42["${chance.pick(['order', 'join', '1501-json-full'])}",${JSON.stringify(hostileValue(chance)) ?? '0'}]`
  if (chance.isTrue(0.1)) return hostileText(chance)
  if (chance.isTrue(0.01)) return `42["x","${'y'.repeat(2_000_000)}"]`
  return chance.pick(FRAMES)
}

async function polls(target: FrameTarget, chance: SeededChance): Promise<number> {
  const base = `http://127.0.0.1:${target.port}${target.path}/?${socketQuery(target, 'polling', chance)}`
  const opened = await fetch(base, { signal: AbortSignal.timeout(OPENS_WITHIN_MS) })
  const sid = /"sid":"([^"]+)"/.exec(await opened.text())?.[1] ?? 'none'
  const address = `${base}&sid=${encodeURIComponent(chance.isTrue(0.9) ? sid : wellFormed(hostileText(chance)))}`
  let sent = 0
  const wanted = 1 + chance.below(4)
  for (; sent < wanted; sent += 1) {
    const body = chance.isTrue(0.7) ? chance.pick(POLLS) : String(frame(chance))
    const answer = await fetch(address, {
      method: 'POST',
      body,
      signal: AbortSignal.timeout(OPENS_WITHIN_MS),
    })
    await answer.arrayBuffer()
  }
  // It is said good-bye to, or the broker would keep it until its ping fails.
  const farewell = await fetch(`${base}&sid=${sid}`, {
    method: 'POST',
    body: base.includes('EIO=3') ? '1:1' : '1',
  })
  await farewell.arrayBuffer()
  return sent
}

/** Half of them stop writing and wait for the broker to hang up, as it must; the others just go. */
function rawHandshake({ port, path }: FrameTarget, chance: SeededChance): Promise<number> {
  const text = chance.pick(HANDSHAKES).replace('%P', `${path}/?EIO=3&transport=websocket`)
  const goesAtOnce = chance.isTrue(0.5)
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(text)
      if (goesAtOnce) setTimeout(() => socket.destroy(), 5)
      else socket.end()
    })
    const deadline = setTimeout(() => {
      socket.destroy()
      reject(new Error(`the broker does not hang up after ${JSON.stringify(text)}`))
    }, OPENS_WITHIN_MS)
    socket.on('error', () => socket.destroy())
    socket.on('data', () => undefined)
    socket.once('close', () => {
      clearTimeout(deadline)
      resolve(1)
    })
  })
}
