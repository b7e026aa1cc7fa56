import { Column, Entity, PrimaryColumn } from 'typeorm'
import { epochMs, stringList } from './columns'

/**
 * The broker session of one account and API. Tokens are sealed by TokenCipher; the one of the interactive API is in
 * `auth_token`, that of the market-data API in `feed_token`. Both empty: the last token is known to be dead.
 */
@Entity('auth')
export class SessionEntity {
  @PrimaryColumn({ type: 'text' })
  broker!: string

  @PrimaryColumn({ type: 'text' })
  account!: string

  @PrimaryColumn({ type: 'text' })
  api!: string

  @Column({ name: 'user_id', type: 'text' })
  userId!: string

  @Column({ name: 'auth_token', type: 'text', nullable: true })
  authToken!: string | null

  @Column({ name: 'feed_token', type: 'text', nullable: true })
  feedToken!: string | null

  @Column({ name: 'token_expiry', type: 'bigint', transformer: epochMs })
  tokenExpiry!: number

  /** Number of this login; grows by one with each, and is never used twice. */
  @Column({ type: 'integer' })
  epoch!: number

  @Column({ name: 'client_codes', type: 'text', transformer: stringList })
  clientCodes!: readonly string[]

  @Column({ name: 'is_investor_client', type: 'boolean' })
  isInvestorClient!: boolean

  @Column({ name: 'interactive_prefix', type: 'text', nullable: true })
  interactivePrefix!: string | null

  @Column({ name: 'created_at', type: 'bigint', transformer: epochMs })
  createdAt!: number

  @Column({ name: 'updated_at', type: 'bigint', transformer: epochMs })
  updatedAt!: number
}
