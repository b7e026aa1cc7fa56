import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Creates `auth` and `api_keys`. */
export class CreateAuthTables1763600000001 implements MigrationInterface {
  readonly name = 'CreateAuthTables1763600000001'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE auth (
      broker TEXT NOT NULL,
      account TEXT NOT NULL,
      api TEXT NOT NULL,
      user_id TEXT NOT NULL,
      auth_token TEXT,
      feed_token TEXT,
      token_expiry BIGINT NOT NULL,
      epoch INTEGER NOT NULL,
      client_codes TEXT NOT NULL,
      is_investor_client BOOLEAN NOT NULL,
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL,
      PRIMARY KEY (broker, account, api)
    )`)
    await runner.query(`CREATE TABLE api_keys (
      key_id TEXT PRIMARY KEY NOT NULL,
      name TEXT NOT NULL,
      hash TEXT NOT NULL UNIQUE,
      scopes TEXT NOT NULL,
      accounts TEXT NOT NULL,
      client_ids TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      revoked_at BIGINT
    )`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_keys')
    await runner.query('DROP TABLE auth')
  }
}

/** Adds the node that a host lookup chose to `auth`. */
export class AddInteractivePrefix1763600000002 implements MigrationInterface {
  readonly name = 'AddInteractivePrefix1763600000002'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE auth ADD COLUMN interactive_prefix TEXT')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE auth DROP COLUMN interactive_prefix')
  }
}
