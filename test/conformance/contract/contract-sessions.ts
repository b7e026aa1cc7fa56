import { asRecord, resultOf } from './contract-checks'
import { BrokerWire, type WireAnswer, type WireCall } from './broker-wire'
import type { ContractTarget } from './contract-target'

/** Both logins of one run. A login ends the session of whoever uses the same keys, so there is one of each. */
export class ContractSessions {
  readonly wire: BrokerWire
  interactiveToken = ''
  marketToken = ''
  userId = ''
  clientCodes: readonly string[] = []
  isInvestorClient = false

  constructor(readonly target: ContractTarget) {
    this.wire = new BrokerWire(target.baseUrl, target)
  }

  /** The answer without its token, which is kept here and shown nowhere. */
  async logInInteractive(): Promise<Record<string, unknown>> {
    const body = { ...this.target.interactive, source: 'WEBAPI' }
    const { token, ...result } = asRecord(resultOf(await this.interactive('POST', '/user/session', body)))
    this.interactiveToken = String(token)
    this.userId = String(result['userID'])
    this.clientCodes = Array.isArray(result['clientCodes']) ? (result['clientCodes'] as string[]) : []
    this.isInvestorClient = result['isInvestorClient'] === true
    return result
  }

  /** The answer without its token, which is kept here and shown nowhere. */
  async logInMarket(): Promise<Record<string, unknown>> {
    const body = { ...this.target.market, source: 'WebAPI' }
    const { token, ...result } = asRecord(resultOf(await this.market('POST', '/auth/login', body)))
    this.marketToken = String(token)
    return result
  }

  /** A call of the order API with its token. */
  interactive(method: WireCall['method'], path: string, body?: unknown): Promise<WireAnswer> {
    const token = this.interactiveToken === '' ? undefined : this.interactiveToken
    return this.wire.call({ method, path: this.target.interactivePrefix + path, token, body })
  }

  /** A call of the market-data API with its token. */
  market(method: WireCall['method'], path: string, body?: unknown): Promise<WireAnswer> {
    const token = this.marketToken === '' ? undefined : this.marketToken
    return this.wire.call({ method, path: this.target.marketPrefix + path, token, body })
  }

  /** `clientID` of an order body or of a cancellation. */
  orderClient(): { clientID?: string } {
    const { accountKind } = this.target
    if (accountKind === 'retail') return {}
    return { clientID: accountKind === 'pro' ? '*****' : (this.clientCodes[0] ?? '') }
  }

  /** Query of a book with the clientID this kind of account sends. */
  bookQuery(parameters: Readonly<Record<string, string>> = {}): string {
    const client = this.target.accountKind === 'dealer' ? this.orderClient() : {}
    const query = new URLSearchParams({ ...parameters, ...client }).toString()
    return query === '' ? '' : `?${query}`
  }
}

/** The claims of a token, without its signature. */
export function claimsOf(token: string): Record<string, unknown> {
  const [, claims = ''] = token.split('.')
  return asRecord(JSON.parse(Buffer.from(claims, 'base64url').toString()))
}
