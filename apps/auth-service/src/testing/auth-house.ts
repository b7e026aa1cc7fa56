import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { EventSubscriber, RequestClient, type BusEvent } from '@xts-bridge/bus'
import type { Subject } from '@xts-bridge/contracts'
import { createLogger, randomIds, systemClock } from '@xts-bridge/runtime'
import type { CallOutcome, XtsLogin } from '@xts-bridge/xts'
import type { BrokerLogin } from '../sessions/broker-logins'
import { authSettings, type AuthSettings } from '../settings'
import { startAuthService, type AuthPorts, type RunningAuthService } from '../start-auth-service'

const DAY_MS = 86_400_000

/** A key of 64 hex digits made of one digit. */
export const hexKey = (digit: string): string => digit.repeat(64)
export const LOCAL_KEY = hexKey('1')
export const SERVICE_KEYS = {
  orders: hexKey('2'),
  instruments: hexKey('3'),
  feed: hexKey('4'),
  'ws-proxy': hexKey('5'),
  gateway: hexKey('6'),
  cli: hexKey('7'),
} as const
export const SECRETS = {
  JAINAM_INTERACTIVE_API_KEY: 'interactive-app-key',
  JAINAM_INTERACTIVE_API_SECRET: 'inter$active#secret@1&2',
  JAINAM_MARKET_API_KEY: 'market-app-key',
  JAINAM_MARKET_API_SECRET: 'mar$ket#secret@1&2',
} as const

/** auth-service with a folder of its own, everything it logs and publishes, and clients to ask it. */
export class AuthHouse {
  readonly folder = mkdtempSync(join(tmpdir(), 'auth-service-'))
  readonly keysFolder = join(this.folder, 'keys')
  readonly events: BusEvent[] = []
  /** Logins that reached the broker. */
  readonly logins: string[] = []
  /** What the next logins of any API answer; one that lasts a day unless told. */
  answers: CallOutcome<XtsLogin>[] = []
  private readonly logLines: string[] = []
  private readonly closers: (() => Promise<unknown>)[] = []
  private client: RequestClient | undefined
  private service: RunningAuthService | undefined

  constructor() {
    this.writeKey('local-api.key', LOCAL_KEY)
    this.writeKey('token-encryption.key', hexKey('a'))
    this.writeKey('api-key-pepper.key', hexKey('b'))
    for (const [name, key] of Object.entries(SERVICE_KEYS)) this.writeKey(`services/${name}.key`, key)
  }

  get running(): RunningAuthService {
    if (!this.service) throw new Error('auth-service is not running')
    return this.service
  }

  /** Everything that was logged, as text. */
  get logged(): string {
    return this.logLines.join('')
  }

  writeKey(name: string, key: string, mode = 0o600): void {
    const file = join(this.keysFolder, name)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, key)
    chmodSync(file, mode)
  }

  settings(overrides: Record<string, string> = {}): AuthSettings {
    return authSettings.parse({
      DATA_DIR: this.folder,
      KEYS_DIR: this.keysFolder,
      LOG_LEVEL: 'debug',
      // No test depends on the time of day.
      AUTH_RENEW_TIMES_IST: 'none',
      AUTH_REQUESTS_ENDPOINT: 'tcp://127.0.0.1:*',
      AUTH_EVENTS_ENDPOINT: 'tcp://127.0.0.1:*',
      AUTH_HEALTH_PORT: '0',
      ...SECRETS,
      ...overrides,
    })
  }

  /** Starts the service and connects a client to it. The broker is in memory; with other `ports` it is what the settings say. */
  async start(
    overrides: Record<string, string> = {},
    ports: AuthPorts = { logins: this.memoryLogins },
  ): Promise<void> {
    const stream = new PassThrough()
    stream.on('data', (line: Buffer) => this.logLines.push(String(line)))
    const log = createLogger({ service: 'auth-service', level: 'debug', stream })
    this.service = await startAuthService(this.settings(overrides), log, ports)
    this.client = new RequestClient({
      endpoint: this.running.bound.requests,
      clock: systemClock,
      ids: randomIds,
      timeoutMs: 5_000,
    })
  }

  /** Resolves once events are being received; those published before are not. */
  async watchEvents(): Promise<void> {
    await new Promise<void>((resolve) => {
      const subscriber = new EventSubscriber({
        endpoint: this.running.bound.events,
        clock: systemClock,
        onEvent: (event) => this.events.push(event),
        onEpoch: () => resolve(),
      })
      this.closers.push(() => subscriber.close())
      subscriber.start()
    })
  }

  ask<T>(subject: Subject, data: unknown, apiKey?: string): Promise<T> {
    if (!this.client) throw new Error('auth-service is not running')
    return this.client.request<T>(subject, data, { apiKey })
  }

  async health(path: string): Promise<{ status: number; body: string }> {
    const response = await fetch(`http://127.0.0.1:${this.running.bound.healthPort}${path}`)
    return { status: response.status, body: await response.text() }
  }

  async stop(): Promise<void> {
    for (const close of this.closers.splice(0)) await close()
    await this.client?.close()
    await this.service?.stop()
    this.service = undefined
  }

  async remove(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  private readonly memoryLogins = {
    interactive: this.memoryLogin('interactive'),
    market: this.memoryLogin('market'),
    loginPageUrl: (returnUrl: string) => `http://broker.test/thirdparty?returnURL=${returnUrl}`,
  }

  private memoryLogin(api: string): BrokerLogin {
    return {
      id: `${api}-1`,
      isPersonNeeded: false,
      logIn: () => this.login(api),
      refusalOf: () => Promise.resolve(undefined),
    }
  }

  private async login(api: string): Promise<CallOutcome<XtsLogin>> {
    this.logins.push(api)
    const answer = this.answers.shift()
    if (answer) return answer
    const token = `token-${api}-${this.logins.length}`
    const expiresAtMs = Date.now() + DAY_MS
    return {
      kind: 'ok',
      value: { token, userId: 'ABC1234A02', clientCodes: ['ABC1234'], isInvestorClient: false, expiresAtMs },
    }
  }
}

/** Waits for a condition, checking every few milliseconds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAtMs = Date.now() + 10_000
  while (!(await holds())) {
    if (Date.now() > giveUpAtMs) throw new Error('the condition did not come true')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
