import { encodeZ85, type Clock } from '@xts-bridge/contracts'
import { Reply } from 'zeromq'
import { errnoOf } from '../local-endpoint'

/** Where libzmq asks, in every process that lets peers in (RFC 27). */
const ZAP_ENDPOINT = 'inproc://zeromq.zap.01'
/** With a domain that is enforced, a peer is refused when nobody answers here; without, it would be let in. */
export const ZAP_DOMAIN = 'xts-bridge'
const ZAP_VERSION = '1.0'
/** A handler that was closed leaves its place a moment later, in ZeroMQ's own thread. */
const BIND_ATTEMPTS = 100
const BIND_PAUSE_MS = 10

/** A client at the door, as libzmq describes it. */
export interface Knock {
  readonly clientAddress: string
  /** Z85. */
  readonly clientKey: string
}

export interface ZapHandlerOptions {
  readonly clock: Clock
  /** The client's name when it may come in. */
  admit(knock: Knock): string | undefined
}

/** Answers libzmq's question, for each CURVE handshake of this process, whether the client may come in. */
export class ZapHandler {
  private readonly socket = new Reply({ linger: 0 })
  private answering: Promise<void> = Promise.resolve()

  constructor(private readonly options: ZapHandlerOptions) {}

  /** Must be done before a socket lets anybody in. Throws when this process has a handler already. */
  async open(): Promise<void> {
    try {
      for (let attempt = 1; !(await this.isBound(attempt)); attempt += 1) await this.pause()
    } catch (error) {
      this.socket.close()
      throw error
    }
    this.answering = this.answer()
  }

  async close(): Promise<void> {
    this.socket.close()
    await this.answering
  }

  private async isBound(attempt: number): Promise<boolean> {
    try {
      await this.socket.bind(ZAP_ENDPOINT)
      return true
    } catch (error) {
      if (errnoOf(error) !== 'EADDRINUSE' || attempt >= BIND_ATTEMPTS) throw error
      return false
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      this.options.clock.after(BIND_PAUSE_MS, resolve)
    })
  }

  private async answer(): Promise<void> {
    for await (const frames of this.socket) {
      if (this.socket.closed) return
      await this.socket.send(zapReply(frames, (knock) => this.options.admit(knock)))
    }
  }
}

/** Anything but a CURVE question about our own domain is refused. */
export function zapReply(frames: readonly Buffer[], admit: ZapHandlerOptions['admit']): (Buffer | string)[] {
  const [version, requestId, domain, address, , mechanism, credentials] = frames
  const knows = String(version) === ZAP_VERSION && String(domain) === ZAP_DOMAIN
  const isCurve = String(mechanism) === 'CURVE' && credentials?.length === 32
  const name =
    knows && isCurve
      ? admit({ clientAddress: String(address), clientKey: encodeZ85(credentials) })
      : undefined
  const answer = name === undefined ? ['400', 'not on the allow-list', ''] : ['200', 'OK', name]
  return [ZAP_VERSION, requestId ?? '', ...answer, '']
}
