import { z } from 'zod'
import { accountSchema } from './order'

/** What a key may be allowed to do. `session.read` and `key.read` are for services alone. */
export const SCOPES = [
  'order.write',
  'order.read',
  'market.read',
  'instruments.read',
  'instruments.write',
  'admin',
  'session.read',
  'key.read',
] as const
export type Scope = (typeof SCOPES)[number]
/** Scopes that only our own services hold; no API key can be given one. */
export const SERVICE_SCOPES: readonly Scope[] = ['session.read', 'key.read']
/** Scopes an API key can be given. */
export const USER_SCOPES: readonly Scope[] = SCOPES.filter((scope) => !SERVICE_SCOPES.includes(scope))

/** Who is calling, once the door has let them in. `*` in accounts or clientIDs is explicit and means all. */
export interface Caller {
  readonly keyId: string
  readonly name: string
  readonly kind: 'user' | 'service'
  readonly scopes: readonly Scope[]
  readonly accounts: readonly string[]
  readonly clientIDs: readonly string[]
}

/** `key.verify`: SHA-256 of the key in hex; the key itself never travels between services. */
export const keyVerifySchema = z.strictObject({
  keyDigest: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits'),
})
/** Reply of `key.verify`; `caller` is missing when the key is unknown or revoked. */
export interface KeyVerification {
  readonly caller?: Caller | undefined
}

/** `key.create`: admin only; the key is in the reply once and nowhere afterwards. */
export const keyCreateSchema = z.strictObject({
  name: z.string().min(1).max(64),
  scopes: z
    .array(
      z.enum(SCOPES).refine((scope) => !SERVICE_SCOPES.includes(scope), 'must not be a scope for services'),
    )
    .min(1),
  accounts: z.array(z.union([z.literal('*'), accountSchema])).min(1),
  clientIDs: z.array(z.string().min(1)).min(1),
})
export interface CreatedKey {
  readonly keyId: string
  readonly apiKey: string
}
/** `key.revoke`: admin only. */
export const keyRevokeSchema = z.strictObject({ keyId: z.string().min(1) })
/** Row of `key.list`. */
export interface KeyView extends Caller {
  readonly createdAtMs: number
  readonly revokedAtMs?: number | undefined
}
