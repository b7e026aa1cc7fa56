import type { Clock } from '@xts-bridge/contracts'
import { HttpCaller, type HttpCallerOptions } from '@xts-bridge/http'
import { systemClock } from '@xts-bridge/runtime'
import {
  brokerProfile,
  loginInteractive,
  loginMarket,
  type BrokerProfile,
  type CallOutcome,
  type XtsLogin,
  type XtsToken,
} from '@xts-bridge/xts'
// eslint-disable-next-line @nx/enforce-module-boundaries -- tests may import every room, and the simulator has no alias
import {
  startSimulator,
  type RunningSimulator,
  type SimulatorOptions,
} from '../../tools/xts-simulator/src/index'

export const clock: Clock = systemClock
/** The same token on every installation. */
export const RELIANCE = { segment: 'NSECM', token: 2885 } as const
export const NIFTY = { segment: 'NSECM', token: 26000 } as const

export const KEYS = {
  interactiveKey: 'key-i',
  interactiveSecret: 'secret-i',
  marketKey: 'key-m',
  marketSecret: 'secret-m',
}

/** What a test changes of the simulator and of our HTTP client. */
export interface Surroundings {
  readonly simulator?: SimulatorOptions | undefined
  readonly http?: Partial<HttpCallerOptions> | undefined
}

/** A small simulated broker with its HTTP client, and whatever else is to be closed with them. */
export class SimulatedBroker {
  private readonly closers: (() => Promise<void>)[]

  private constructor(
    readonly simulator: RunningSimulator,
    readonly http: HttpCaller,
    readonly profile: BrokerProfile,
  ) {
    this.closers = [() => http.close(), () => simulator.close()]
  }

  static async start(
    accountKind: 'retail' | 'dealer' | 'pro',
    overrides: Partial<BrokerProfile> = {},
    changes: Surroundings = {},
  ): Promise<SimulatedBroker> {
    const options = { ...KEYS, port: 0, controlPort: 0, universe: 'small', accountKind } as const
    const simulator = await startSimulator({ ...options, ...changes.simulator })
    const baseUrl = `http://127.0.0.1:${simulator.port}`
    const http = new HttpCaller({ baseUrl, verifyTls: true, timeoutMs: 2_000, clock, ...changes.http })
    return new SimulatedBroker(simulator, http, brokerProfile('simulator', { baseUrl, ...overrides }))
  }

  /** Has this closed before the broker. */
  closeFirst(close: () => Promise<void>): void {
    this.closers.unshift(close)
  }

  async close(): Promise<void> {
    for (const close of this.closers) await close()
  }

  async logInInteractive(epoch = 1): Promise<XtsToken> {
    const keys = { appKey: KEYS.interactiveKey, secretKey: KEYS.interactiveSecret }
    return asToken(ok(await loginInteractive({ http: this.http, profile: this.profile, ...keys })), epoch)
  }

  async logInMarket(epoch = 1): Promise<XtsToken> {
    const keys = { appKey: KEYS.marketKey, secretKey: KEYS.marketSecret }
    return asToken(ok(await loginMarket({ http: this.http, profile: this.profile, ...keys })), epoch)
  }

  /** Makes the broker misbehave; the names are the simulator's. */
  async setFault(fault: object): Promise<void> {
    const response = await fetch(this.controlUrl('/faults'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fault),
    })
    if (!response.ok) throw new Error(`the fault was refused: ${await response.text()}`)
  }

  /** All faults end; sockets that a fault held are let go. */
  async clearFaults(): Promise<void> {
    await fetch(this.controlUrl('/faults'), { method: 'DELETE' })
  }

  /** Every placement that the broker received. */
  async received(): Promise<{
    readonly tags: Record<string, number>
    readonly orders: readonly { readonly receivedAtMs: number }[]
  }> {
    const response = await fetch(this.controlUrl('/orders'))
    return (await response.json()) as Awaited<ReturnType<SimulatedBroker['received']>>
  }

  controlUrl(path: string): string {
    return `http://127.0.0.1:${this.simulator.controlPort}${path}`
  }
}

export function ok<T>(outcome: CallOutcome<T>): T {
  if (outcome.kind !== 'ok') throw new Error(`not ok: ${JSON.stringify(outcome)}`)
  return outcome.value
}

function asToken({ token, userId, clientCodes, isInvestorClient }: XtsLogin, epoch: number): XtsToken {
  return { token, userId, clientCodes, isInvestorClient, epoch }
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 10_000; !(await condition());) {
    if (Date.now() > deadline) throw new Error('the condition never came true')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
