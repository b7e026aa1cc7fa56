import { ManualClock, type Caller, type Instrument } from '@xts-bridge/contracts'
import { ClientSession, type ClientSocket, type SessionLimits } from '../client-session'
import { ServerFrames } from '../server-frames'
import { TopicHub } from '../topic-hub'

/** Who holds the key `K`. */
export const CALLER: Caller = {
  keyId: 'key-1',
  name: 'trader1',
  kind: 'user',
  scopes: ['market.read', 'order.read'],
  accounts: ['*'],
  clientIDs: ['*'],
}
const LIMITS: SessionLimits = {
  authGraceMs: 15_000,
  bufferBytes: 1_000_000,
  maxTopics: 3,
  maxWaitingFrames: 10,
  maxWaitingRequests: 4,
}
/** Symbols of the list, all on NSE. */
export const KNOWN = ['RELIANCE', 'SBIN', 'TCS', 'INFY']

/** A socket that takes everything at once and writes down what happens to it. */
class FakeSocket implements ClientSocket {
  readonly bufferedAmount = 0
  readonly frames: Record<string, unknown>[] = []
  readonly happened: string[] = []

  send(frame: string | Buffer): void {
    this.frames.push(JSON.parse(String(frame)) as Record<string, unknown>)
  }

  close(code: number, reason: string): void {
    this.happened.push(`closed ${code} ${reason}`)
  }

  pause(): void {
    this.happened.push('paused')
  }

  resume(): void {
    this.happened.push('resumed')
  }
}

export interface DeskOptions {
  readonly verifyKey?: (apiKey: string) => Promise<Caller>
  readonly hasList?: boolean
}

/** One session on a fake socket, a fake bus and a clock moved by hand. */
export function desk(options: DeskOptions = {}) {
  const clock = new ManualClock()
  const socket = new FakeSocket()
  const bus: string[] = []
  const frames = new ServerFrames('jainamxts')
  const hub = new TopicHub({
    source: { subscribe: (topic) => bus.push(`+${topic}`), unsubscribe: (topic) => bus.push(`-${topic}`) },
    frames,
    fetchSnapshot: (topics) => Promise.resolve({ ticks: {}, missing: topics }),
  })
  const session = new ClientSession(socket, {
    clock,
    hub,
    frames,
    limits: LIMITS,
    verifyKey: options.verifyKey ?? (() => Promise.resolve(CALLER)),
    symbols: {
      hasList: () => options.hasList ?? true,
      find: ({ exchange, symbol }) =>
        exchange === 'NSE' && KNOWN.includes(symbol) ? ({ exchange, symbol } as Instrument) : undefined,
    },
    feedState: () => 'connected',
    onRefused: () => undefined,
    onProblem: (message) => {
      throw new Error(message)
    },
  })
  const turn = (): Promise<void> => clock.advance(0)
  const say = async (...requests: object[]): Promise<Record<string, unknown>[]> => {
    const before = socket.frames.length
    for (const request of requests) session.receive(JSON.stringify(request))
    await turn()
    return socket.frames.slice(before)
  }
  const authenticated = async (): Promise<void> => {
    await say({ action: 'authenticate', api_key: 'K' })
  }
  return { clock, socket, bus, hub, session, say, turn, authenticated }
}

export const named = (...symbols: string[]) => symbols.map((symbol) => ({ symbol, exchange: 'NSE' }))
