import type { SimulatorOptions } from '../options'
import { startSimulator, type RunningSimulator } from '../start-simulator'
import { XtsClient, type Connect } from './xts-client'

const keysOf = (name: string) => ({
  interactiveKey: `${name}-ik`,
  interactiveSecret: `${name}-is`,
  marketKey: `${name}-mk`,
  marketSecret: `${name}-ms`,
})

/** A limit order for a share far below its price, so that it rests. */
export const RESTING_ORDER = {
  exchangeSegment: 'NSECM', exchangeInstrumentID: 2885, productType: 'MIS', orderType: 'LIMIT', orderSide: 'BUY',
  timeInForce: 'DAY', disclosedQuantity: 0, orderQuantity: 1, limitPrice: 1400, stopPrice: 0, orderUniqueIdentifier: 't',
} // prettier-ignore

/**
 * A broker with a login of each kind: `retail` (RET1), `dealer` (ABC1A02 for ABC1 and ABC2) and `pro` (PRO7A02). Keys
 * are the kind with -ik, -is, -mk and -ms behind it.
 */
export class Counter {
  private simulator: RunningSimulator | undefined
  private clients: XtsClient[] = []

  constructor(private readonly connect: Connect) {}

  get base(): string {
    return `http://127.0.0.1:${this.simulator?.port ?? 0}`
  }

  get controlBase(): string {
    return `http://127.0.0.1:${this.simulator?.controlPort ?? 0}`
  }

  async start(options: SimulatorOptions = {}): Promise<void> {
    await this.close()
    this.simulator = await startSimulator({
      port: 0,
      controlPort: 0,
      universe: 'small',
      accounts: [
        { kind: 'retail', clientCodes: ['RET1'], ...keysOf('retail') },
        { kind: 'dealer', clientCodes: ['ABC1', 'ABC2'], ...keysOf('dealer') },
        { kind: 'pro', clientCodes: ['PRO7'], ...keysOf('pro') },
      ],
      ...options,
    })
  }

  newClient(): XtsClient {
    const client = new XtsClient(this.base, this.connect)
    this.clients.push(client)
    return client
  }

  async logIn(kind: 'retail' | 'dealer' | 'pro'): Promise<XtsClient> {
    const client = this.newClient()
    const keys = { appKey: `${kind}-ik`, secretKey: `${kind}-is`, source: 'WEBAPI' }
    await client.login('/interactive/user/session', keys)
    return client
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.close()
    this.clients = []
    await this.simulator?.close()
    this.simulator = undefined
  }
}
