import type { BrokerApi, BrokerSession } from '@xts-bridge/contracts'
import type { Database } from '../database'
import { SessionEntity } from './session-entity'
import { TokenUnreadableError, type TokenCipher } from './token-cipher'

export interface SessionStoreOptions {
  readonly database: Database
  readonly cipher: TokenCipher
  /** Name of the broker profile; sessions of another broker are another's. */
  readonly broker: string
  /** Names server and login keys; a token that was obtained with others does not open, for it is another login's. */
  readonly loginId: string
}

/** What is known of an account and API from before: the last epoch, and the session if its token can still be read. */
export interface RememberedSession {
  readonly lastEpoch: number
  readonly session?: BrokerSession | undefined
  /** When that session was obtained, epoch milliseconds. */
  readonly obtainedAtMs?: number | undefined
  /** A token is there but does not open: another login's, or the key file changed, or the row was tampered with. */
  readonly isUnreadable: boolean
}

interface SessionPlace {
  readonly account: string
  readonly api: BrokerApi
}

/** Broker sessions at rest, their tokens sealed. */
export class SessionStore {
  constructor(private readonly options: SessionStoreOptions) {}

  async recall(place: SessionPlace): Promise<RememberedSession> {
    const row = await this.options.database.read((manager) =>
      manager.findOneBy(SessionEntity, this.keyOf(place)),
    )
    if (!row) return { lastEpoch: 0, isUnreadable: false }
    const sealed = row.authToken ?? row.feedToken
    if (sealed === null) return { lastEpoch: row.epoch, isUnreadable: false }
    const token = this.openToken(sealed, place)
    if (token === undefined) return { lastEpoch: row.epoch, isUnreadable: true }
    const session = sessionOf(row, place, token)
    return { lastEpoch: row.epoch, session, obtainedAtMs: row.updatedAt, isUnreadable: false }
  }

  /** Writes a new login over the one before; on disk when this resolves. */
  async save(session: BrokerSession, nowMs: number): Promise<void> {
    const sealed = this.options.cipher.seal(session.token, this.placeOf(session))
    await this.options.database.transaction(async (manager) => {
      const key = this.keyOf(session)
      const before = await manager.findOneBy(SessionEntity, key)
      await manager.save(SessionEntity, {
        ...key,
        userId: session.userId,
        authToken: session.api === 'interactive' ? sealed : null,
        feedToken: session.api === 'market' ? sealed : null,
        tokenExpiry: session.expiresAtMs,
        epoch: session.epoch,
        clientCodes: session.clientCodes,
        isInvestorClient: session.isInvestorClient,
        interactivePrefix: session.interactivePrefix ?? null,
        createdAt: before?.createdAt ?? nowMs,
        updatedAt: nowMs,
      })
    })
  }

  /** Forgets the token of a login that is known to be dead, unless a later one is there; its epoch is never used again. */
  async dropToken(dead: SessionPlace & { readonly epoch: number }, nowMs: number): Promise<void> {
    await this.options.database.transaction((manager) =>
      manager.update(
        SessionEntity,
        { ...this.keyOf(dead), epoch: dead.epoch },
        { authToken: null, feedToken: null, updatedAt: nowMs },
      ),
    )
  }

  private openToken(sealed: string, place: SessionPlace): string | undefined {
    try {
      return this.options.cipher.open(sealed, this.placeOf(place))
    } catch (error) {
      if (error instanceof TokenUnreadableError) return undefined
      throw error
    }
  }

  private keyOf({ account, api }: SessionPlace): { broker: string; account: string; api: string } {
    return { broker: this.options.broker, account, api }
  }

  private placeOf({ account, api }: SessionPlace): string {
    return `${this.options.broker}/${account}/${api}/${this.options.loginId}`
  }
}

function sessionOf(row: SessionEntity, place: SessionPlace, token: string): BrokerSession {
  return {
    account: place.account,
    api: place.api,
    token,
    userId: row.userId,
    clientCodes: row.clientCodes,
    isInvestorClient: row.isInvestorClient,
    epoch: row.epoch,
    expiresAtMs: row.tokenExpiry,
    ...(row.interactivePrefix === null ? {} : { interactivePrefix: row.interactivePrefix }),
  }
}
