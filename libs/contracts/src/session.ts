import { z } from 'zod'
import { accountSchema } from './order'

/** The broker's two APIs; each has its own key pair, token and life. */
export const BROKER_APIS = ['interactive', 'market'] as const
export type BrokerApi = (typeof BROKER_APIS)[number]

/** `session.get`: needs a service key. */
export const sessionGetSchema = z.strictObject({ account: accountSchema, api: z.enum(BROKER_APIS) })
/** `session.report-invalid`: the broker refused the token of this epoch. */
export const sessionReportSchema = z.strictObject({
  account: accountSchema,
  api: z.enum(BROKER_APIS),
  epoch: z.number().int().nonnegative(),
  brokerDescription: z.string().max(500).optional(),
})
/** `session.status`: every API of the account, or of the default account. */
export const sessionStatusSchema = z.strictObject({ account: accountSchema.optional() })
/**
 * `session.resume`: logs in again after a contest, or at once instead of at the next attempt; with `renew` also when the
 * session lives. Without `api`, both of them. Answers the states at once, not the login's outcome.
 */
export const sessionResumeSchema = z.strictObject({
  account: accountSchema.optional(),
  api: z.enum(BROKER_APIS).optional(),
  renew: z.boolean().optional(),
})
/** `session.login-page`: where a person logs in at the broker; the broker then sends them on to `returnUrl`. */
export const sessionLoginPageSchema = z.strictObject({
  account: accountSchema.optional(),
  returnUrl: z.url({ protocol: /^https?$/, message: 'must be an http or https URL' }).max(2_000),
})
/** Reply of `session.login-page`. The address names the app key, as the broker's page wants it. */
export interface BrokerLoginPage {
  readonly url: string
}
/**
 * `session.hand-over`: what a login in a browser gave: the access token itself, or all that the broker put into the
 * callback's field `session`. Answers the state once the broker has taken it; throws SESSION_LOGIN_REFUSED.
 */
export const sessionHandOverSchema = z
  .strictObject({
    account: accountSchema.optional(),
    /** The market-data API has no browser login. */
    api: z.literal('interactive').optional(),
    accessToken: z.string().min(1).max(4_096).optional(),
    callbackSession: z.string().min(1).max(16_384).optional(),
  })
  .refine(
    ({ accessToken, callbackSession }) => (accessToken === undefined) !== (callbackSession === undefined),
    'give either accessToken or callbackSession',
  )

/** Reply of `session.get`. The token never appears anywhere else. */
export interface BrokerSession {
  readonly account: string
  readonly api: BrokerApi
  readonly token: string
  /** The login's user id; what sockets are opened with. */
  readonly userId: string
  readonly clientCodes: readonly string[]
  readonly isInvestorClient: boolean
  /** Grows with each login of this account and API, and never goes back, also when auth-service's database is lost. */
  readonly epoch: number
  readonly expiresAtMs: number
  /** Where the calls of this token go when the broker's host lookup chose a node: `/7interactive`. */
  readonly interactivePrefix?: string | undefined
}

/** Row of `session.status`, reply of `session.report-invalid`, `data` of the session events: all but the token. */
export interface SessionState {
  readonly account: string
  readonly api: BrokerApi
  /** `login-needed`: this broker wants a person to log in at its page. */
  readonly state: 'live' | 'logging-in' | 'login-needed' | 'refused' | 'contested'
  readonly epoch: number
  readonly userId?: string | undefined
  readonly expiresAtMs?: number | undefined
  readonly problem?: string | undefined
}

/** Topics of the auth service's event stream. */
export const SESSION_EVENTS = ['session.renewed', 'session.lost', 'session.contested', 'key.revoked'] as const
export type SessionEventTopic = (typeof SESSION_EVENTS)[number]
