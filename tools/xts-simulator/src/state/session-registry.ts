import type { FeedForm } from '../sockets/feed-form'
import type { Account } from './account'
import type { SimClock } from '../time/sim-clock'
import type { SimIds } from '../time/sim-ids'
import { TokenMint } from './json-web-token'

export type Api = 'interactive' | 'market'

/** A socket that belongs to a session, as far as the registry needs it. */
export interface SessionSocket extends FeedForm {
  readonly id: string
  /** A text, or the bytes of binary packets. */
  emit(event: string, payload: string | Buffer): unknown
  disconnect(): unknown
}

/** One login at one API. Sockets come and go; market-data subscriptions stay with the session. */
export interface Session {
  readonly id: string
  readonly api: Api
  readonly account: Account
  readonly appKey: string
  readonly token: string
  readonly issuedAtMs: number
  readonly expiresAtMs: number
  readonly sockets: Set<SessionSocket>
  /** `<xtsMessageCode>:<segment number>:<token>` */
  readonly subscriptions: Set<string>
  state: 'live' | 'replaced' | 'logged out' | 'revoked'
}

/** Why a token is refused. */
export type TokenCheck =
  | { readonly kind: 'ok'; readonly session: Session }
  | { readonly kind: 'missing' | 'unknown' | 'ended' | 'expired' }

const DAY_MS = 86_400_000
/** Ended sessions are kept so that an old token is told apart from an invented one. */
const ENDED_SESSIONS_KEPT = 1000

export interface RegistryParts {
  readonly accounts: readonly Account[]
  readonly clock: SimClock
  readonly ids: SimIds
  /** A session that ended closes its sockets, or leaves them open and tells them nothing more. */
  readonly endedSockets?: 'dropped' | 'mute' | undefined
}

/** Who is logged in. One live session per key pair: a new login ends the old one and drops its sockets. */
export class SessionRegistry {
  private readonly byToken = new Map<string, Session>()
  /** Of all that is kept only these are told anything. */
  private readonly alive: Readonly<Record<Api, Set<Session>>> = { interactive: new Set(), market: new Set() }
  private readonly mint: TokenMint

  constructor(
    private readonly parts: RegistryParts,
    private readonly onEnded: (session: Session) => void,
  ) {
    this.mint = new TokenMint(parts.ids.bytes(32))
  }

  /** The new session, or undefined when the keys are wrong. `uniqueKey` is the host lookup's. */
  login(
    api: Api,
    keys: { appKey: string; secretKey: string; uniqueKey?: string | undefined },
  ): Session | undefined {
    const account = this.ownerOf(api, keys)
    if (!account) return undefined
    this.endWhere((session) => session.api === api && session.appKey === keys.appKey, 'replaced')
    const session = this.createSession(api, account, keys)
    this.byToken.set(session.token, session)
    this.alive[api].add(session)
    this.forgetOldest()
    return session
  }

  /** Whose key pair this is at that API. */
  ownerOf(api: Api, keys: { appKey: string; secretKey: string }): Account | undefined {
    return this.parts.accounts.find((candidate) => hasKeys(candidate, api, keys))
  }

  check(api: Api, token: string | undefined, nowMs: number): TokenCheck {
    if (token === undefined || token.trim() === '') return { kind: 'missing' }
    const session = this.byToken.get(token)
    if (session?.api !== api) return { kind: 'unknown' }
    if (session.state !== 'live') return { kind: 'ended' }
    return session.expiresAtMs <= nowMs ? { kind: 'expired' } : { kind: 'ok', session }
  }

  /** Every session there was, newest last. */
  all(): Session[] {
    return [...this.byToken.values()]
  }

  live(api: Api): Session[] {
    return [...this.alive[api]]
  }

  logout(session: Session): void {
    this.endWhere((candidate) => candidate === session, 'logged out')
  }

  /** Ends all sessions (of one API, or both) as an administrator of the broker can. */
  revoke(api: Api | undefined): number {
    return this.endWhere((session) => api === undefined || session.api === api, 'revoked')
  }

  /** Ends one session as an administrator of the broker can. */
  revokeOne(session: Session): void {
    this.endWhere((candidate) => candidate === session, 'revoked')
  }

  /** Drops the sockets and leaves the sessions alive. */
  dropSockets(): number {
    let dropped = 0
    for (const session of this.all()) {
      dropped += session.sockets.size
      for (const socket of session.sockets) socket.disconnect()
    }
    return dropped
  }

  private endWhere(matches: (session: Session) => boolean, state: Session['state']): number {
    const ending = [...this.live('interactive'), ...this.live('market')].filter(matches)
    for (const session of ending) {
      session.state = state
      this.alive[session.api].delete(session)
      for (const socket of session.sockets) {
        socket.emit('logout', JSON.stringify(logoutPayload(state)))
        if (this.parts.endedSockets !== 'mute') socket.disconnect()
      }
      this.onEnded(session)
    }
    return ending.length
  }

  private createSession(
    api: Api,
    account: Account,
    keys: { appKey: string; uniqueKey?: string | undefined },
  ): Session {
    const { clock, ids } = this.parts
    const issuedAtMs = clock.nowMs()
    return {
      id: ids.uuid(),
      api,
      account,
      appKey: keys.appKey,
      token: this.mint.mint(tokenClaims(api, account, keys, { issuedAtMs, jti: ids.uuid() })),
      issuedAtMs,
      expiresAtMs: issuedAtMs + DAY_MS,
      sockets: new Set(),
      subscriptions: new Set(),
      state: 'live',
    }
  }

  private forgetOldest(): void {
    for (const [token, session] of this.byToken) {
      if (this.byToken.size <= ENDED_SESSIONS_KEPT) return
      if (session.state !== 'live') this.byToken.delete(token)
    }
  }
}

function hasKeys(account: Account, api: Api, keys: { appKey: string; secretKey: string }): boolean {
  return api === 'interactive'
    ? account.interactiveKey === keys.appKey && account.interactiveSecret === keys.secretKey
    : account.marketKey === keys.appKey && account.marketSecret === keys.secretKey
}

/** The claims differ: interactive names the key in capitals, market data in small letters. `jti` keeps tokens of one second apart. */
function tokenClaims(
  api: Api,
  account: Account,
  keys: { appKey: string; uniqueKey?: string | undefined },
  issue: { readonly issuedAtMs: number; readonly jti: string },
): Record<string, unknown> {
  const iat = Math.floor(issue.issuedAtMs / 1000)
  const times = { iat, exp: iat + DAY_MS / 1000, jti: issue.jti }
  if (api === 'market') {
    return { userID: `${account.userId}_${keys.appKey.toLowerCase()}`, publicKey: keys.appKey, ...times }
  }
  return {
    userID: `${account.userId}_${keys.appKey.toUpperCase()}`,
    publicKey: keys.appKey,
    isInteractive: true,
    ...(keys.uniqueKey === undefined ? {} : { uniqueKey: keys.uniqueKey }),
    ...times,
  }
}

function logoutPayload(state: Session['state']): object {
  if (state === 'logged out') {
    return {
      type: 'success',
      code: 's-user-0001',
      description: 'successfully logout from all API.',
      result: '',
    }
  }
  const description =
    state === 'replaced' ? 'You have been logged out by another user.' : 'Your session has been expired'
  return { type: 'error', code: 'e-session-0005', description, result: {} }
}
