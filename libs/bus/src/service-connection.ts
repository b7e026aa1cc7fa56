import { AppError, type Clock } from '@xts-bridge/contracts'
import type { Socket } from 'zeromq'
import { processCurve } from './curve/bus-curve'
import type { ClientCurve } from './curve/curve-keys'
import { dialledEndpoint, isLocalEndpoint } from './local-endpoint'

/** The part of a ZeroMQ socket that connecting needs. */
export type ConnectingSocket = Pick<
  Socket,
  'connect' | 'disconnect' | 'events' | 'closed' | 'curveServerKey' | 'curvePublicKey' | 'curveSecretKey'
>

/** Keys to connect with; `none` connects plainly on this machine. Unless given, those of the process. */
export type CurveChoice = ClientCurve | 'none'

export interface ServiceConnectionOptions {
  readonly endpoint: string
  readonly curve?: CurveChoice | undefined
  /** Without one, a connection that was refused is not tried again. */
  readonly clock?: Clock | undefined
  /** At each refusal. */
  onRefused?(refusal: AppError): void
  /** When a refusal begins or its reason changes. */
  onProblem?: ((message: string, fields: Record<string, unknown>) => void) | undefined
}

/** Pauses before a refused connection is tried again: the key may be let in meanwhile. */
const RETRY_PAUSES_MS = [1_000, 2_000, 5_000] as const
/** A service that stops in the middle of a handshake looks the same as one with another key, but not several times. */
const BROKEN_HANDSHAKES = 3

/**
 * One socket's way to one service. ZeroMQ says nothing of a refused handshake to whoever sends, and gives up after one
 * that was refused for its key; so its monitor is listened to, the refusal named, and the connection tried again.
 */
export class ServiceConnection {
  private refused: AppError | undefined
  private broken = 0
  private attempts = 0
  private cancelRetry: (() => void) | undefined
  private readonly curve: ClientCurve | undefined
  private readonly address: string

  /** Throws ENDPOINT_NOT_LOCAL for a service on another machine without CURVE, and CURVE_KEYS_UNUSABLE. */
  constructor(
    private readonly socket: ConnectingSocket,
    private readonly options: ServiceConnectionOptions,
  ) {
    this.address = dialledEndpoint(options.endpoint)
    this.curve = curveFor(options)
    if (this.curve === undefined) return
    socket.curveServerKey = this.curve.serverPublicKey
    socket.curvePublicKey = this.curve.publicKey
    socket.curveSecretKey = this.curve.secretKey
  }

  /** CURVE_REFUSED while the service does not let us in. */
  get refusal(): AppError | undefined {
    return this.refused
  }

  /** Connects in the background. */
  open(): void {
    void this.watch()
    this.socket.connect(this.address)
  }

  /** Before the socket is closed. */
  close(): void {
    this.cancelRetry?.()
    if (this.refused !== undefined) processCurve()?.serviceRefuses(this.options.endpoint, undefined)
  }

  private async watch(): Promise<void> {
    for await (const event of this.socket.events) {
      if (event.type === 'handshake') this.accept()
      else if (event.type === 'handshake:error:auth') this.refuse(authReason(event.error.status))
      else if (event.type === 'handshake:error:protocol') this.refuse(this.protocolReason(event.error.code))
      else if (event.type === 'handshake:error:other') this.breakOff()
    }
  }

  private accept(): void {
    this.broken = 0
    this.attempts = 0
    if (this.refused === undefined) return
    this.refused = undefined
    processCurve()?.serviceRefuses(this.options.endpoint, undefined)
  }

  private breakOff(): void {
    if (this.curve === undefined) return
    this.broken += 1
    if (this.broken >= BROKEN_HANDSHAKES)
      this.refuse('the service broke it off; the server public key is likely not its own')
  }

  private protocolReason(code: string): string {
    if (code !== 'ERR_ZMTP_MECHANISM_MISMATCH') return `the two do not understand each other (${code})`
    return this.curve === undefined
      ? 'the service lets in only clients with CURVE keys, and none are configured here'
      : 'the service does not speak CURVE'
  }

  private refuse(reason: string): void {
    const { endpoint } = this.options
    if (this.refused?.details['reason'] !== reason) this.report(reason)
    const refusal = new AppError('CURVE_REFUSED', { endpoint, reason })
    this.refused = refusal
    this.retryLater()
    this.options.onRefused?.(refusal)
  }

  private report(reason: string): void {
    const { endpoint, onProblem } = this.options
    const curve = processCurve()
    curve?.serviceRefuses(endpoint, reason)
    const tell = onProblem ?? ((message, fields) => curve?.problem(message, fields))
    tell('bus connection refused', { endpoint, reason, clientKey: this.curve?.publicKey })
  }

  private retryLater(): void {
    if (this.socket.closed) return
    this.hangUp()
    const pauseMs = RETRY_PAUSES_MS[Math.min(this.attempts, RETRY_PAUSES_MS.length - 1)] ?? 0
    this.attempts += 1
    this.cancelRetry?.()
    this.cancelRetry = this.options.clock?.after(pauseMs, () => {
      if (!this.socket.closed) this.socket.connect(this.address)
    })
  }

  /** Or ZeroMQ would knock twenty times a second with a key that is wrong. */
  private hangUp(): void {
    try {
      this.socket.disconnect(this.address)
    } catch {
      // It has given the connection up already, which is what is wanted.
    }
  }
}

function authReason(status: number): string {
  if (status === 400)
    return 'the service does not let this client key in; its .pub file belongs on its allow-list'
  return `the service could not check the key (${status})`
}

function curveFor({ endpoint, curve }: ServiceConnectionOptions): ClientCurve | undefined {
  if (curve !== undefined && curve !== 'none') return curve
  const process = curve === 'none' ? undefined : processCurve()
  if (process !== undefined) return process.clientFor(endpoint)
  if (isLocalEndpoint(endpoint)) return undefined
  throw new AppError('ENDPOINT_NOT_LOCAL', { endpoint })
}
