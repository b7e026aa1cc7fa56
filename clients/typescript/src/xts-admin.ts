import {
  BUS_ENDPOINTS,
  type BrokerApi,
  type BrokerSession,
  type CreatedKey,
  type keyCreateSchema,
  type KeyView,
  type sessionResumeSchema,
  type SessionState,
} from '@xts-bridge/contracts'
import type { CurveKeys } from './curve-keys'
import { ServiceLink } from './service-link'

type Input<S extends { readonly _zod: { readonly input: unknown } }> = S['_zod']['input']
export type ResumeInput = Input<typeof sessionResumeSchema>
export type NewKeyInput = Input<typeof keyCreateSchema>

export interface XtsAdminOptions {
  /** Most of it needs the scope `admin`. */
  readonly apiKey: string
  readonly authEndpoint?: string | undefined
  /** For a house on another machine, or with CURVE on every endpoint. */
  readonly curve?: CurveKeys | undefined
  /** Deadline of each request; 10 s unless given. */
  readonly timeoutMs?: number | undefined
}

const DEFAULT_TIMEOUT_MS = 10_000

/** An operator's hand on auth-service: broker sessions and API keys. Errors are AppErrors; nothing is sent twice. */
export class XtsAdmin {
  private readonly auth: ServiceLink

  private constructor({ apiKey, authEndpoint, curve, timeoutMs = DEFAULT_TIMEOUT_MS }: XtsAdminOptions) {
    this.auth = new ServiceLink(
      { endpoint: authEndpoint ?? BUS_ENDPOINTS.AUTH_REQUESTS_ENDPOINT, curve },
      apiKey,
      timeoutMs,
    )
  }

  /** Connects in the background; a service that is not there yet is no error until a request's deadline. */
  static connect(options: XtsAdminOptions): XtsAdmin {
    return new XtsAdmin(options)
  }

  /** Where the sessions of both broker APIs stand, without their tokens. Needs `order.read`. */
  sessions(account?: string): Promise<readonly SessionState[]> {
    return this.auth.ask('session.status', { account })
  }

  /** Logs in after a contest or a refusal; with `renew` also while the session lives. Answers before the login has. */
  resume(options: ResumeInput = {}): Promise<readonly SessionState[]> {
    return this.auth.ask('session.resume', options)
  }

  /** The session with its token: for a service key alone, no API key can have it. */
  session(account: string, api: BrokerApi): Promise<BrokerSession> {
    return this.auth.ask('session.get', { account, api })
  }

  /** Every key that one may see, revoked ones too, oldest first. */
  keys(): Promise<readonly KeyView[]> {
    return this.auth.ask('key.list', {})
  }

  /** Makes a key. Its text is in the answer and nowhere afterwards. */
  createKey(key: NewKeyInput): Promise<CreatedKey> {
    return this.auth.ask('key.create', key)
  }

  /** The key is refused from now on; revoking twice is no error. Throws KEY_NOT_FOUND. */
  revokeKey(keyId: string): Promise<KeyView> {
    return this.auth.ask('key.revoke', { keyId })
  }

  async close(): Promise<void> {
    await this.auth.close()
  }
}
