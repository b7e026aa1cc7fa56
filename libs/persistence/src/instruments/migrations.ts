import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Creates `symbol_token`, `symbol_detail` and `symbol_list`. */
export class CreateInstrumentTables1763600000003 implements MigrationInterface {
  readonly name = 'CreateInstrumentTables1763600000003'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE symbol_token (
      id INTEGER PRIMARY KEY NOT NULL,
      broker TEXT NOT NULL,
      symbol TEXT NOT NULL,
      brsymbol TEXT NOT NULL,
      name TEXT NOT NULL,
      token TEXT NOT NULL,
      exchange TEXT NOT NULL,
      brexchange TEXT NOT NULL,
      expiry TEXT NOT NULL,
      strike REAL,
      lotsize INTEGER NOT NULL,
      instrumenttype TEXT NOT NULL,
      tick_size REAL NOT NULL
    )`)
    await runner.query(
      'CREATE UNIQUE INDEX symbol_token_by_symbol ON symbol_token (broker, exchange, symbol)',
    )
    await runner.query(
      'CREATE UNIQUE INDEX symbol_token_by_token ON symbol_token (broker, brexchange, token)',
    )
    await runner.query(`CREATE TABLE symbol_detail (
      broker TEXT NOT NULL,
      brexchange TEXT NOT NULL,
      token TEXT NOT NULL,
      freeze_quantity INTEGER,
      band_low REAL,
      band_high REAL,
      series TEXT NOT NULL,
      multiplier REAL NOT NULL,
      isin TEXT,
      underlying TEXT,
      underlying_token TEXT,
      PRIMARY KEY (broker, brexchange, token)
    ) WITHOUT ROWID`)
    await runner.query('CREATE TABLE symbol_list (broker TEXT PRIMARY KEY NOT NULL, version TEXT NOT NULL)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE symbol_list')
    await runner.query('DROP TABLE symbol_detail')
    await runner.query('DROP TABLE symbol_token')
  }
}

/** Adds what newer lists say of an instrument. */
export class AddInstrumentDetails1763600000008 implements MigrationInterface {
  readonly name = 'AddInstrumentDetails1763600000008'

  async up(runner: QueryRunner): Promise<void> {
    for (const [column, type] of ADDED_DETAILS)
      await runner.query(`ALTER TABLE symbol_detail ADD COLUMN ${column} ${type}`)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [column] of ADDED_DETAILS)
      await runner.query(`ALTER TABLE symbol_detail DROP COLUMN ${column}`)
  }
}

const ADDED_DETAILS = [
  ['description', 'TEXT'],
  ['instrument_id', 'TEXT'],
  ['underlying_instrument_id', 'TEXT'],
  ['price_numerator', 'REAL'],
  ['price_denominator', 'REAL'],
] as const
