import { connect, type Socket } from 'node:net'

const HEAD_END = '\r\n\r\n'

/**
 * One keep-alive connection that sends the next request as soon as the last is answered. It reads no more of an answer
 * than its length, so that the load costs less than what it loads.
 */
export class HttpLane {
  private received = ''
  private onAnswer: ((status: number) => void) | undefined

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true)
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => this.read(chunk))
  }

  static open(port: number): Promise<HttpLane> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('error', reject)
      socket.once('connect', () => resolve(new HttpLane(socket)))
    })
  }

  /** The status of the answer. */
  send(request: string): Promise<number> {
    return new Promise((resolve) => {
      this.onAnswer = resolve
      this.socket.write(request)
    })
  }

  close(): void {
    this.socket.destroy()
  }

  private read(chunk: string): void {
    this.received += chunk
    const headEnd = this.received.indexOf(HEAD_END)
    if (headEnd < 0) return
    const length = Number(/content-length: (\d+)/i.exec(this.received)?.[1] ?? 0)
    if (this.received.length < headEnd + HEAD_END.length + length) return
    const status = Number(this.received.slice(9, 12))
    this.received = ''
    this.onAnswer?.(status)
  }
}

/** A request as it goes over the wire. */
export function jsonRequest(path: string, body: object, token = ''): string {
  const text = JSON.stringify(body)
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
    `authorization: ${token}`,
  ]
  return head.join('\r\n') + HEAD_END + text
}

/**
 * Requests a second over `lanes` connections during `forMs`, after a warm-up of a fifth of it, or until there is no next
 * one. Throws at an answer that is no 200.
 */
export async function requestsPerSecond(o: {
  readonly port: number
  readonly lanes: number
  readonly forMs: number
  next(): string | undefined
}): Promise<{ readonly perSecond: number; readonly answered: number }> {
  const lanes = await Promise.all(Array.from({ length: o.lanes }, () => HttpLane.open(o.port)))
  const warmUntil = performance.now() + o.forMs / 5
  const until = warmUntil + o.forMs
  let [counted, answered] = [0, 0]
  const drive = async (lane: HttpLane): Promise<void> => {
    for (let now = performance.now(); now < until; now = performance.now()) {
      const request = o.next()
      if (request === undefined) return
      const status = await lane.send(request)
      if (status !== 200) throw new Error(`a request was answered ${status}`)
      answered += 1
      if (now >= warmUntil) counted += 1
    }
  }
  try {
    await Promise.all(lanes.map(drive))
  } finally {
    for (const lane of lanes) lane.close()
  }
  return { perSecond: counted / (o.forMs / 1000), answered }
}
