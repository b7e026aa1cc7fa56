import { spawn } from 'node:child_process'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePorts } from './bench-house'

const SIMULATOR = join(__dirname, '../../tools/xts-simulator/src/main.js')
const READY_LIMIT_MS = 30_000
/** The simulator's documented defaults. */
const LOGIN = {
  appKey: 'simulator-interactive-key',
  secretKey: 'simulator-interactive-secret',
  source: 'WEBAPI',
}
const SBIN_TOKEN = 3045

/** A second simulator of the same kind, spoken to by nothing but node:http: the floor under every order. */
export interface RawBroker {
  /** POSTs one resting limit order; rupees. Throws when it is refused. */
  place(price: number): Promise<unknown>
  close(): Promise<void>
}

interface Answer {
  readonly type: string
  readonly description: string
  readonly result: { readonly token: string }
}

/** Starts it with `settings` in its environment and logs in. */
export async function startRawBroker(settings: Readonly<Record<string, string>>): Promise<RawBroker> {
  const [port = 0, controlPort = 0] = await freePorts(2)
  const child = spawn(
    process.execPath,
    [SIMULATOR, '--port', String(port), '--control-port', String(controlPort)],
    {
      env: { ...process.env, ...settings },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  )
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const post = (path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const text = JSON.stringify(body)
      const options = { agent, port, path, method: 'POST', host: '127.0.0.1' }
      const sized = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
        ...headers,
      }
      const call = request({ ...options, headers: sized }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString()) as Answer))
      })
      call.on('error', reject)
      call.end(text)
    })
  const token = await logIn(() => post('/interactive/user/session', LOGIN))
  let placed = 0
  return {
    place: async (price) => {
      placed += 1
      const answer = await post('/interactive/orders', rawOrder(price, `raw${placed}`), {
        authorization: token,
      })
      if (answer.type !== 'success') throw new Error(`the raw order was refused: ${answer.description}`)
    },
    close: async () => {
      agent.destroy()
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function logIn(post: () => Promise<Answer>): Promise<string> {
  const giveUpAtMs = Date.now() + READY_LIMIT_MS
  for (;;) {
    try {
      return (await post()).result.token
    } catch (error) {
      if (Date.now() > giveUpAtMs) throw error
      await wait(100)
    }
  }
}

function rawOrder(limitPrice: number, tag: string): object {
  return {
    exchangeSegment: 'NSECM',
    exchangeInstrumentID: SBIN_TOKEN,
    productType: 'MIS',
    orderType: 'LIMIT',
    orderSide: 'BUY',
    timeInForce: 'DAY',
    disclosedQuantity: 0,
    orderQuantity: 1,
    limitPrice,
    stopPrice: 0,
    orderUniqueIdentifier: tag,
  }
}
