import type { BrokerRequest } from '@xts-bridge/contracts'
import type { HttpCaller, HttpOutcome, HttpRequest } from '@xts-bridge/http'
import { outcomeOfChange, outcomeOfRead, SESSION_MISSING } from './call-outcome'
import { clientIdFor } from './client-id'
import type { BrokerProfile, CallOutcome, TokenSource, XtsToken } from './model'
import type { OrderGovernor, OrderUrgency } from './order-governor'

export interface XtsInteractiveOptions {
  readonly http: HttpCaller
  readonly profile: BrokerProfile
  readonly token: TokenSource
  /** Without one, orders are not held to any rate. */
  readonly governor?: OrderGovernor | undefined
  /** Nothing that changes an order leaves: every such call is `not-sent`. */
  readonly isTestMode?: boolean | undefined
  /** Runs at the instant before an order's first byte is written; a throw stops it: `not-sent`, with the error's message. */
  readonly beforeSend?: (() => void) | undefined
}

/** Whose clientID policy of the profile a call follows. */
export type ClientIdFamily = 'orders' | 'books' | 'balance'

export interface CallParts<T> {
  readonly path: string
  readonly query?: Readonly<Record<string, string>> | undefined
  readonly body?: object | undefined
  readonly read: (result: unknown) => T
}

export interface Change<T> extends CallParts<T> {
  readonly method: 'POST' | 'PUT' | 'DELETE'
  readonly urgency: OrderUrgency
  readonly beforeSend?: (() => void) | undefined
}

const TEST_MODE = {
  kind: 'not-sent',
  reason: 'JAINAM_TEST_MODE is on: nothing that changes an order is sent',
  isSessionMissing: false,
} as const satisfies CallOutcome<never>

/** What every call of the interactive API shares: the token, the clientID, the governor, one outcome. */
export class InteractiveCalls {
  constructor(private readonly options: XtsInteractiveOptions) {}

  /** A call that changes something: paced by the governor, sent at most once, unknown unless the answer is definite. */
  async change<T>(describe: (token: XtsToken) => Change<T>): Promise<CallOutcome<T>> {
    if (this.options.isTestMode === true) return TEST_MODE
    const token = this.options.token()
    if (token === undefined) return SESSION_MISSING
    const { urgency, beforeSend, read, path, ...parts } = describe(token)
    const outcome = await this.paced(urgency, {
      ...parts,
      family: urgency === 'entry' ? 'entry' : 'exit',
      path: this.prefix(token) + path,
      headers: { Authorization: token.token },
      beforeStart: () => {
        if (urgency !== 'cancel') this.options.beforeSend?.()
        beforeSend?.()
      },
    })
    return outcomeOfChange(outcome, { read, epoch: token.epoch })
  }

  /** What `change` would send, exactly; undefined without a session. */
  preview<T>(describe: (token: XtsToken) => Change<T>): BrokerRequest | undefined {
    const token = this.options.token()
    if (token === undefined) return undefined
    const { method, path, query, body } = describe(token)
    return { method, path: this.prefix(token) + path, query, body }
  }

  /** A call that only asks: retried by the HTTP client, and any readable error is the broker's answer. */
  async ask<T>(
    describe: (token: XtsToken) => CallParts<T> & { readonly method?: 'POST' },
  ): Promise<CallOutcome<T>> {
    const token = this.options.token()
    if (token === undefined) return SESSION_MISSING
    const { read, path, method = 'GET', ...parts } = describe(token)
    const outcome = await this.options.http.call({
      ...parts,
      method,
      family: 'read',
      path: this.prefix(token) + path,
      headers: { Authorization: token.token },
    })
    return outcomeOfRead(outcome, { read, epoch: token.epoch })
  }

  /** `{ clientID }` as the profile wants it in this family of calls, or nothing. */
  clientId(family: ClientIdFamily, token: XtsToken, named: string | undefined): { clientID?: string } {
    const { orderClientId, bookClientId, balanceClientId } = this.options.profile
    const policy = { orders: orderClientId, books: bookClientId, balance: balanceClientId }[family]
    const clientID = clientIdFor(policy, token, named)
    return clientID === undefined ? {} : { clientID }
  }

  private prefix(token: XtsToken): string {
    return token.interactivePrefix ?? this.options.profile.interactivePrefix
  }

  /** Waits for room, and again when the room was gone by the time a connection was found. Nothing was sent until then. */
  private async paced(urgency: OrderUrgency, request: HttpRequest): Promise<HttpOutcome> {
    const { governor, http } = this.options
    if (governor === undefined) return http.call(request)
    for (;;) {
      const permit = await governor.admit(urgency)
      if (permit === undefined)
        return { kind: 'not-sent', reason: 'the order rate limit left no room in time' }
      const outcome = await http.call({
        ...request,
        beforeStart: () => {
          request.beforeStart?.()
          permit.use()
        },
      })
      permit.release()
      if (permit.isLate) continue
      if (isLimiterRefusal(outcome)) governor.slowDown()
      return outcome
    }
  }
}

/** The broker's limiter speaks by its status, or by its code inside whatever wrapping. */
function isLimiterRefusal(outcome: HttpOutcome): boolean {
  if (outcome.kind !== 'answered') return false
  return outcome.status === 429 || outcome.text.includes('"e-apirl-0004"')
}
