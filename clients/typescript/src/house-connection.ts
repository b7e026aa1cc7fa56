import { AppError } from '@xts-bridge/contracts'
import type { Socket } from 'zeromq'
import type { CurveKeys } from './curve-keys'

/** Whom to tell that the house does not let this client in: CURVE_REFUSED, at the first time and with every new reason. */
export type RefusalListener = (refusal: AppError) => void

export interface HouseConnectionOptions {
  readonly endpoint: string
  readonly curve?: CurveKeys | undefined
  readonly onRefused?: RefusalListener | undefined
}

type ConnectingSocket = Pick<
  Socket,
  'connect' | 'disconnect' | 'events' | 'closed' | 'curveServerKey' | 'curvePublicKey' | 'curveSecretKey'
>

const THIS_MACHINE = /^(ipc:\/\/.|tcp:\/\/(127(\.\d{1,3}){3}|\[::1\]|localhost):)/
const RETRY_PAUSES_MS = [1_000, 2_000, 5_000] as const
/** A house that stops in the middle of a handshake looks like one with another key, but not several times. */
const BROKEN_HANDSHAKES = 3

/**
 * One socket's way to the house. ZeroMQ tells who sends nothing of a refused handshake and gives up after one, so the
 * refusal is named here, and the connection tried again.
 */
export class HouseConnection {
  private refused: AppError | undefined
  private broken = 0
  private attempts = 0
  private retry: NodeJS.Timeout | undefined

  /** Connects in the background. Throws ENDPOINT_NOT_LOCAL for another machine without keys: it would read along. */
  constructor(
    private readonly socket: ConnectingSocket,
    private readonly options: HouseConnectionOptions,
  ) {
    const { endpoint, curve } = options
    if (curve !== undefined) {
      socket.curveServerKey = curve.serverPublicKey
      socket.curvePublicKey = curve.publicKey
      socket.curveSecretKey = curve.secretKey
    } else if (!THIS_MACHINE.test(endpoint)) throw new AppError('ENDPOINT_NOT_LOCAL', { endpoint })
    void this.watch()
    socket.connect(endpoint)
  }

  /** CURVE_REFUSED while the house does not let us in. */
  get refusal(): AppError | undefined {
    return this.refused
  }

  /** Before the socket is closed. */
  close(): void {
    clearTimeout(this.retry)
  }

  private async watch(): Promise<void> {
    for await (const event of this.socket.events) {
      if (event.type === 'handshake') this.accept()
      else if (event.type === 'handshake:error:auth')
        this.refuse('the house does not let this key in; its public key belongs on the house’s allow-list')
      else if (event.type === 'handshake:error:protocol') this.refuse(this.protocolReason(event.error.code))
      else if (event.type === 'handshake:error:other') this.breakOff()
    }
  }

  private accept(): void {
    this.refused = undefined
    this.broken = 0
    this.attempts = 0
  }

  private breakOff(): void {
    if (this.options.curve === undefined) return
    this.broken += 1
    if (this.broken >= BROKEN_HANDSHAKES)
      this.refuse('the house broke it off; the server public key is likely not its own')
  }

  private protocolReason(code: string): string {
    if (code !== 'ERR_ZMTP_MECHANISM_MISMATCH') return `the two do not understand each other (${code})`
    return this.options.curve === undefined
      ? 'the house lets in only clients with CURVE keys, and this one was given none'
      : 'the house does not speak CURVE'
  }

  private refuse(reason: string): void {
    const isNews = this.refused?.details['reason'] !== reason
    const refusal = new AppError('CURVE_REFUSED', { endpoint: this.options.endpoint, reason })
    this.refused = refusal
    this.retryLater()
    if (isNews) this.options.onRefused?.(refusal)
  }

  private retryLater(): void {
    if (this.socket.closed) return
    try {
      this.socket.disconnect(this.options.endpoint)
    } catch {
      // ZeroMQ has given the connection up already, which is what is wanted.
    }
    const pauseMs = RETRY_PAUSES_MS[Math.min(this.attempts, RETRY_PAUSES_MS.length - 1)]
    this.attempts += 1
    clearTimeout(this.retry)
    this.retry = setTimeout(() => {
      if (!this.socket.closed) this.socket.connect(this.options.endpoint)
    }, pauseMs)
  }
}
