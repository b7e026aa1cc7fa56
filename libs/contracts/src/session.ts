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

/** Reply of `session.get`. The token never appears anywhere else. */
export interface BrokerSession {
  readonly account: string
  readonly api: BrokerApi
  readonly token: string
  /** The login's user id; what sockets are opened with. */
  readonly userId: string
  readonly clientCodes: readonly string[]
  readonly isInvestorClient: boolean
  /** Grows by one with each login of this account and API. */
  readonly epoch: number
  readonly expiresAtMs: number
  /** Where the calls of this token go when the broker's host lookup chose a node: `/7interactive`. */
  readonly interactivePrefix?: string | undefined
}

/** Row of `session.status`, reply of `session.report-invalid`, `data` of the session events: all but the token. */
export interface SessionState {
  readonly account: string
  readonly api: BrokerApi
  readonly state: 'live' | 'logging-in' | 'refused' | 'contested'
  readonly epoch: number
  readonly userId?: string | undefined
  readonly expiresAtMs?: number | undefined
  readonly problem?: string | undefined
}

/** Topics of the auth service's event stream. */
export const SESSION_EVENTS = ['session.renewed', 'session.lost', 'session.contested', 'key.revoked'] as const
export type SessionEventTopic = (typeof SESSION_EVENTS)[number]
