import { ManualClock, type BrokerSession, type ErrorCode, type SessionState } from '@xts-bridge/contracts'
import type { RememberedSession } from '@xts-bridge/persistence'
import type { CallOutcome, XtsLogin } from '@xts-bridge/xts'
import { SessionKeeper } from '../session-keeper'

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
export const place = { account: 'primary', api: 'interactive' } as const
export const refusal = {
  kind: 'rejected',
  brokerCode: 'e-login-0001',
  brokerDescription: 'Entered invalid credentials',
  isSessionInvalid: false,
} as const satisfies CallOutcome<XtsLogin>

/** A keeper with a broker that answers logins as told, and a store in memory. */
export class House {
  readonly clock = new ManualClock(1_000)
  readonly events: { topic: string; state: SessionState }[] = []
  readonly saved: BrokerSession[] = []
  readonly dropped: number[] = []
  readonly reports: string[] = []
  readonly logged: string[] = []
  remembered: RememberedSession = { lastEpoch: 0, isUnreadable: false }
  logins = 0
  /** What the next logins answer; a login that lasts a day unless told. */
  answers: (CallOutcome<XtsLogin> | Promise<CallOutcome<XtsLogin>> | Error)[] = []
  saveError: Error | undefined
  saving = Promise.resolve()
  readonly keeper: SessionKeeper

  /** What the broker says of a token from before; undefined while it takes it. */
  refusal: string | undefined
  readonly checked: string[] = []
  readonly handed: unknown[] = []

  constructor(
    options: { readonly renewAtMinutes?: readonly number[]; readonly isPersonNeeded?: boolean } = {},
  ) {
    const { renewAtMinutes = [], isPersonNeeded = false } = options
    const log = (message: string, fields?: unknown): void => {
      this.logged.push(`${message} ${JSON.stringify(fields)}`)
    }
    this.keeper = new SessionKeeper({
      ...place,
      clock: this.clock,
      renewBeforeMs: HOUR_MS,
      renewAtMinutes,
      log: { error: log, warn: log, info: log, debug: log },
      login: {
        isPersonNeeded,
        logIn: (handed) => this.login(handed),
        refusalOf: async ({ token }) => {
          this.checked.push(token)
          return this.refusal
        },
      },
      store: {
        recall: () => Promise.resolve(this.remembered),
        save: async (session) => {
          await this.saving
          if (this.saveError) throw this.saveError
          this.saved.push(session)
        },
        dropToken: async ({ epoch }) => {
          this.dropped.push(epoch)
        },
      },
      onEvent: (topic, state) => this.events.push({ topic, state }),
      onReport: (outcome) => this.reports.push(outcome),
    })
  }

  get topics(): string[] {
    return this.events.map(({ topic }) => topic)
  }

  loginOk(lifeMs = DAY_MS): CallOutcome<XtsLogin> {
    return {
      kind: 'ok',
      value: {
        token: `token-${this.logins}`,
        userId: 'ABC1234A02',
        clientCodes: ['ABC1234'],
        isInvestorClient: false,
        expiresAtMs: this.clock.nowMs() + lifeMs,
      },
    }
  }

  async start(): Promise<this> {
    await this.keeper.start()
    await this.clock.advance(0)
    return this
  }

  private async login(handed: unknown): Promise<CallOutcome<XtsLogin>> {
    this.logins += 1
    if (handed !== undefined) this.handed.push(handed)
    const answer = this.answers.shift() ?? this.loginOk()
    if (answer instanceof Error) throw answer
    return answer
  }
}

/** What the store knows of a login from before, whose token ends after `lifeMs`. */
export function remembered(house: House, lifeMs: number, epoch = 4): RememberedSession {
  const { clientCodes, isInvestorClient, userId } = { clientCodes: [], isInvestorClient: true, userId: 'U' }
  const session: BrokerSession = {
    ...place,
    token: 'token-from-before',
    userId,
    clientCodes,
    isInvestorClient,
    epoch,
    expiresAtMs: house.clock.nowMs() + lifeMs,
  }
  return {
    lastEpoch: epoch,
    session,
    obtainedAtMs: house.clock.nowMs() - DAY_MS + lifeMs,
    isUnreadable: false,
  }
}

/** Matches a thrown AppError by its code. */
export function errorWithCode(code: ErrorCode): Error {
  const matcher: unknown = expect.objectContaining({ code })
  return matcher as Error
}
