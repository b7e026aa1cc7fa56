import type { Choices } from '../choices'
import type { Session } from '../state/session-registry'
import type { SimClock } from '../time/sim-clock'
import { rateLimited, type Answer } from '../wire/envelopes'
import { LIMIT_TABLES, type Limit, type LimitedCall } from './rate-limits'

/** When the requests of one budget were taken, oldest first; never more than the limit allows. */
type Taken = number[]

const MINUTE_MS = 60_000

/**
 * Counts requests in an exact sliding window: in any stretch of the limit's length no more are taken than it allows.
 * What is refused does not count. Each session has its own budgets, and several calls may share one.
 */
export class RateLimiter {
  private readonly bySession = new WeakMap<Session, Map<string, Taken>>()
  private readonly loginsByKey = new Map<string, Taken>()

  constructor(
    private readonly choices: Choices,
    private readonly clock: SimClock,
  ) {}

  /** The refusal of a request that comes too soon; undefined when it may pass, and then it counts. */
  refusalOf(session: Session, call: LimitedCall): Answer | undefined {
    if (this.choices.rateLimits === 'off') return undefined
    const budget = LIMIT_TABLES[this.choices.rateLimits][call]
    if (!budget) return undefined
    const budgets = this.bySession.get(session) ?? new Map<string, Taken>()
    this.bySession.set(session, budgets)
    const taken = budgets.get(budget.name) ?? []
    budgets.set(budget.name, taken)
    return this.take(taken, budget.limit) ? undefined : this.refusal(session.account.userId, budget.limit)
  }

  /** How much of each budget a session has used in the last window, for people to look at. */
  usedBy(session: Session): Readonly<Record<string, number>> {
    const nowMs = this.clock.nowMs()
    const budgets = [...(this.bySession.get(session) ?? [])]
    const used = budgets.map(
      ([name, taken]) => [name, taken.filter((atMs) => atMs > nowMs - 1000).length] as const,
    )
    return Object.fromEntries(used.filter(([, count]) => count > 0))
  }

  /** The same for a login with a key that exists; `userId` is who owns it. */
  loginRefusalOf(appKey: string, userId: string): Answer | undefined {
    const { loginsPerMinute } = this.choices
    if (loginsPerMinute === 0) return undefined
    const taken = this.loginsByKey.get(appKey) ?? []
    this.loginsByKey.set(appKey, taken)
    const limit = { requests: loginsPerMinute, perMs: MINUTE_MS }
    return this.take(taken, limit) ? undefined : this.refusal(userId, limit)
  }

  private take(taken: Taken, { requests, perMs }: Limit): boolean {
    const nowMs = this.clock.nowMs()
    while (taken[0] !== undefined && taken[0] <= nowMs - perMs) taken.shift()
    if (taken.length >= requests) return false
    taken.push(nowMs)
    return true
  }

  private refusal(userId: string, { requests, perMs }: Limit): Answer {
    const window = perMs === 1000 ? 'second' : `${perMs / 1000} seconds`
    const text = `Rate limit exceeded for user ${userId}: Max limit of ${requests} requests per ${window}`
    return rateLimited(text, this.choices)
  }
}
