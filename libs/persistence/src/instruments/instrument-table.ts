import type { ListedInstrument } from '@xts-bridge/contracts'
import type { EntityManager } from 'typeorm'
import type { Database } from '../database'
import { SymbolListEntity } from './symbol-token-entity'

/** Rows that a replacement added, changed and removed in `symbol_token` and `symbol_detail` together. */
export interface TableChanges {
  readonly inserted: number
  readonly updated: number
  readonly deleted: number
}

export interface ListToStore {
  /** `vYYYYMMDD-n`. */
  readonly version: string
  readonly instruments: Iterable<ListedInstrument>
}

/** Rows per statement: as text small enough that preparing one holds the event loop a few milliseconds. */
const BATCH_ROWS = 500

/** What identifies a row; a row whose identity changed is deleted and inserted, so no unique index is in the way. */
const IDENTITY = ['brexchange', 'token', 'exchange', 'symbol'] as const
const TOKEN_VALUES = [
  'brsymbol',
  'name',
  'expiry',
  'strike',
  'lotsize',
  'instrumenttype',
  'tick_size',
] as const
const DETAIL_KEY = ['brexchange', 'token'] as const
const DETAIL_VALUES = [
  'freeze_quantity',
  'band_low',
  'band_high',
  'series',
  'multiplier',
  'isin',
  'underlying',
  'underlying_token',
] as const
const STAGED = [...IDENTITY, ...TOKEN_VALUES, ...DETAIL_VALUES] as const

/** `symbol_token` and its detail: one broker's rows at a time, replaced whole. */
export class InstrumentTable {
  constructor(private readonly database: Database) {}

  /** Version of the broker's rows; undefined when it has none. */
  async version(broker: string): Promise<string | undefined> {
    const row = await this.database.read((manager) => manager.findOneBy(SymbolListEntity, { broker }))
    return row?.version
  }

  /** Number of the broker's rows. */
  async count(broker: string): Promise<number> {
    const [row] = await this.database.query<{ rows: number }[]>(
      'SELECT count(*) AS rows FROM symbol_token WHERE broker = ?',
      [broker],
    )
    return row?.rows ?? 0
  }

  /**
   * Makes the broker's rows those of the list, in one transaction that touches only what differs. Other brokers' rows
   * stay as they are; other readers see the old rows or the new ones, never a mix. Throws and changes nothing when two
   * instruments share a key or the disk refuses.
   */
  replace(broker: string, { version, instruments }: ListToStore): Promise<TableChanges> {
    return this.database.transaction(async (manager) => {
      await stage(manager, instruments)
      const tokens = await applyStaged(manager, broker, {
        table: 'symbol_token',
        key: IDENTITY,
        values: TOKEN_VALUES,
      })
      const details = await applyStaged(manager, broker, {
        table: 'symbol_detail',
        key: DETAIL_KEY,
        values: DETAIL_VALUES,
      })
      await manager.query('DELETE FROM temp.staged')
      await manager.upsert(SymbolListEntity, { broker, version }, ['broker'])
      return {
        inserted: tokens.inserted + details.inserted,
        updated: tokens.updated + details.updated,
        deleted: tokens.deleted + details.deleted,
      }
    })
  }
}

/** Fills a temporary table of this connection, which locks nobody out of the file. */
async function stage(manager: EntityManager, instruments: Iterable<ListedInstrument>): Promise<void> {
  await manager.query(
    `CREATE TEMP TABLE IF NOT EXISTS staged (${STAGED.join(', ')}, PRIMARY KEY (brexchange, token)) WITHOUT ROWID`,
  )
  await manager.query('DELETE FROM temp.staged')
  const picked = STAGED.map((_, position) => `value ->> ${position}`).join(', ')
  const insert = `INSERT INTO temp.staged (${STAGED.join(', ')}) SELECT ${picked} FROM json_each(?)`
  let batch: StagedRow[] = []
  for (const instrument of instruments) {
    batch.push(stagedRow(instrument))
    if (batch.length < BATCH_ROWS) continue
    await manager.query(insert, [JSON.stringify(batch)])
    batch = []
  }
  await manager.query(insert, [JSON.stringify(batch)])
}

type StagedRow = readonly (string | number | null)[]

/** The values of STAGED, in its order. */
function stagedRow(instrument: ListedInstrument): StagedRow {
  return [
    instrument.segment,
    String(instrument.token),
    instrument.exchange,
    instrument.symbol,
    instrument.brokerSymbol,
    instrument.name,
    instrument.expiry ?? '',
    orNull(instrument.strike),
    instrument.lotSize,
    instrument.instrumentType,
    instrument.tickSize,
    orNull(instrument.freezeQuantity),
    orNull(instrument.bandLow),
    orNull(instrument.bandHigh),
    instrument.series,
    instrument.multiplier,
    orNull(instrument.isin),
    orNull(instrument.underlying),
    instrument.underlyingToken === undefined ? null : String(instrument.underlyingToken),
  ]
}

function orNull<T>(value: T | undefined): T | null {
  return value === undefined ? null : value
}

interface Target {
  readonly table: 'symbol_token' | 'symbol_detail'
  readonly key: readonly string[]
  readonly values: readonly string[]
}

/** Deletes what the list no longer has, changes what differs, inserts what is new. */
async function applyStaged(
  manager: EntityManager,
  broker: string,
  { table, key, values }: Target,
): Promise<TableChanges> {
  const isSame = key.map((column) => `s.${column} = ${table}.${column}`).join(' AND ')
  await manager.query(
    `DELETE FROM ${table} WHERE broker = ? AND NOT EXISTS (SELECT 1 FROM temp.staged s WHERE ${isSame})`,
    [broker],
  )
  const deleted = await changedRows(manager)
  const assignments = values.map((column) => `${column} = s.${column}`).join(', ')
  const current = values.map((column) => `${table}.${column}`).join(', ')
  const wanted = values.map((column) => `s.${column}`).join(', ')
  await manager.query(
    `UPDATE ${table} SET ${assignments} FROM temp.staged s
     WHERE ${table}.broker = ? AND ${isSame} AND (${current}) IS NOT (${wanted})`,
    [broker],
  )
  const updated = await changedRows(manager)
  const columns = [...key, ...values].join(', ')
  await manager.query(
    `INSERT INTO ${table} (broker, ${columns})
     SELECT ?, ${columns} FROM temp.staged s
     WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE ${table}.broker = ? AND ${isSame})`,
    [broker, broker],
  )
  return { deleted, updated, inserted: await changedRows(manager) }
}

async function changedRows(manager: EntityManager): Promise<number> {
  const [row] = await manager.query<{ rows: number }[]>('SELECT changes() AS rows')
  return row?.rows ?? 0
}
