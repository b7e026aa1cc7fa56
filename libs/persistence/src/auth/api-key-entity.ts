import { Column, Entity, PrimaryColumn } from 'typeorm'
import { epochMs, stringList } from './columns'

/** An API key: never the key, only the HMAC of its digest, and what it may do. */
@Entity('api_keys')
export class ApiKeyEntity {
  @PrimaryColumn({ name: 'key_id', type: 'text' })
  keyId!: string

  @Column({ type: 'text' })
  name!: string

  /** HMAC-SHA256 in hex, unique. */
  @Column({ type: 'text' })
  hash!: string

  @Column({ type: 'text', transformer: stringList })
  scopes!: readonly string[]

  @Column({ type: 'text', transformer: stringList })
  accounts!: readonly string[]

  @Column({ name: 'client_ids', type: 'text', transformer: stringList })
  clientIds!: readonly string[]

  @Column({ name: 'created_at', type: 'bigint', transformer: epochMs })
  createdAt!: number

  @Column({ name: 'revoked_at', type: 'bigint', nullable: true, transformer: epochMs })
  revokedAt!: number | null
}
