import { join } from 'node:path'
import { AppError, CURVE_FILES, type Clock } from '@xts-bridge/contracts'
import { isLocalEndpoint, isNumericTcp } from '../local-endpoint'
import { AllowList } from './allow-list'
import { readPublicKey, readSecretKey, type ClientCurve, type CurvePair } from './curve-keys'
import { RefusedHandshakes, type RefusedHandshake } from './refused-handshakes'
import { watchPeers, type WatchedSocket } from './watch-peers'
import { ZAP_DOMAIN, ZapHandler } from './zap-handler'

/** `off`: no endpoint may leave this machine. `remote`: CURVE on those that do. `always`: CURVE on every endpoint. */
export type BusCurveMode = 'off' | 'remote' | 'always'

export interface BusCurveOptions {
  readonly mode: BusCurveMode
  /** Folder of CURVE_FILES: KEYS_DIR/curve. */
  readonly folder: string
  readonly clock: Clock
  /** Every handshake refused here. */
  onRefused?(refused: RefusedHandshake): void
  /** The same, at most once a minute for each client address. */
  onReport?(refused: RefusedHandshake): void
  /** A bad file of the allow-list; a service that refuses us, where the socket's owner does not listen. */
  onProblem?(message: string, fields: Record<string, unknown>): void
}

/** What /health tells of it. */
export interface BusCurveStatus {
  readonly mode: BusCurveMode
  readonly allowedClients: number
  readonly refusedHandshakes: number
  readonly lastRefused: (RefusedHandshake & { readonly atMs: number }) | undefined
  /** Services that refuse this process at present, and why. */
  readonly refusedBy: Readonly<Record<string, string>>
}

/** The part of a binding socket that CURVE needs. */
export interface GuardedSocket extends WatchedSocket {
  curveServer: boolean
  curveSecretKey: string | null
  zapDomain: string | null
  zapEnforceDomain: boolean
}

let ofThisProcess: BusCurve | undefined

/** What `BusCurve.open` of this process gave; undefined before and after. */
export function processCurve(): BusCurve | undefined {
  return ofThisProcess
}

/**
 * CURVE of one process: its keys, who may connect, and which endpoints need it. One for each process, as ZeroMQ asks
 * one handler per process who may come in; every socket of the process goes by it (docs/adr/0009).
 */
export class BusCurve {
  private readonly refusals: RefusedHandshakes
  private readonly allowList: AllowList
  private readonly zap: ZapHandler | undefined
  private readonly refusedBy = new Map<string, string>()

  private constructor(private readonly options: BusCurveOptions) {
    const { clock, folder, mode } = options
    this.refusals = new RefusedHandshakes({
      clock,
      onRefused: (refused) => options.onRefused?.(refused),
      onReport: (refused) => options.onReport?.(refused),
    })
    this.allowList = new AllowList({
      folder: join(folder, CURVE_FILES.clients),
      clock,
      onProblem: (problem) => options.onProblem?.('bus allow-list has a problem', { problem }),
    })
    if (mode !== 'off')
      this.zap = new ZapHandler({
        clock,
        admit: ({ clientAddress, clientKey }) => {
          const name = this.allowList.nameOf(clientKey)
          if (name === undefined) this.refusals.add({ reason: 'unknown-key', clientAddress, clientKey })
          return name
        },
      })
  }

  /**
   * Opens it for this process; every bus socket made afterwards goes by it. Throws when this process has keys in use
   * already.
   */
  static async open(options: BusCurveOptions): Promise<BusCurve> {
    if (options.mode !== 'off' && ofThisProcess?.zap !== undefined)
      throw new Error('CURVE is open in this process already; close it first')
    const curve = new BusCurve(options)
    await curve.zap?.open()
    ofThisProcess = curve
    return curve
  }

  /** After the sockets are closed. */
  async close(): Promise<void> {
    if (ofThisProcess === this) ofThisProcess = undefined
    await this.zap?.close()
  }

  get status(): BusCurveStatus {
    return {
      mode: this.options.mode,
      allowedClients: this.options.mode === 'off' ? 0 : this.allowList.size,
      refusedHandshakes: this.refusals.count,
      lastRefused: this.refusals.last,
      refusedBy: Object.fromEntries(this.refusedBy),
    }
  }

  /** True when this endpoint is encrypted. Throws ENDPOINT_NOT_LOCAL for one that leaves the machine without CURVE. */
  guards(endpoint: string): boolean {
    if (isLocalEndpoint(endpoint)) return this.options.mode === 'always'
    if (this.options.mode === 'off') throw new AppError('ENDPOINT_NOT_LOCAL', { endpoint })
    return true
  }

  /** Prepares a socket that will be bound to this endpoint. Throws ENDPOINT_NOT_LOCAL or CURVE_KEYS_UNUSABLE. */
  guard(socket: GuardedSocket, endpoint: string): void {
    if (!isLocalEndpoint(endpoint) && !isNumericTcp(endpoint))
      throw new AppError('ENDPOINT_NOT_LOCAL', { endpoint })
    socket.curveSecretKey = this.serverPair().secretKey
    socket.curveServer = true
    socket.zapDomain = ZAP_DOMAIN
    socket.zapEnforceDomain = true
    watchPeers(socket, (reason) => this.refusals.add({ reason, endpoint }))
  }

  /** What a socket connects to this endpoint with. Throws ENDPOINT_NOT_LOCAL or CURVE_KEYS_UNUSABLE. */
  clientFor(endpoint: string): ClientCurve | undefined {
    if (!this.guards(endpoint)) return undefined
    return this.usable(() => ({
      serverPublicKey: readPublicKey(this.file(CURVE_FILES.serverPublic)),
      ...readSecretKey(this.file(CURVE_FILES.clientSecret)),
    }))
  }

  /** A service refuses our handshake; undefined when it lets us in again. */
  serviceRefuses(endpoint: string, reason: string | undefined): void {
    if (reason === undefined) this.refusedBy.delete(endpoint)
    else this.refusedBy.set(endpoint, reason)
  }

  /** Problems of sockets whose owner does not listen to them. */
  problem(message: string, fields: Record<string, unknown>): void {
    this.options.onProblem?.(message, fields)
  }

  private serverPair(): CurvePair {
    return this.usable(() => readSecretKey(this.file(CURVE_FILES.serverSecret)))
  }

  private file(name: string): string {
    return join(this.options.folder, name)
  }

  private usable<T>(read: () => T): T {
    try {
      return read()
    } catch (cause) {
      const problem = cause instanceof Error ? cause.message : String(cause)
      throw new AppError('CURVE_KEYS_UNUSABLE', { folder: this.options.folder, problem }, { cause })
    }
  }
}
