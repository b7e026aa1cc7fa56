import type { ListedInstrument } from '@xts-bridge/contracts'
import type { EntityManager } from 'typeorm'
import type { Database } from '../database'
import {
  CREATE_GONE,
  CREATE_STAGED,
  DETAIL_VALUES,
  FILL_GONE,
  FILL_STAGED,
  IDENTITY,
  instrumentTexts,
  TOKEN_VALUES,
  type InstrumentTexts,
  type TableChanges,
  type TableStatement,
} from './instrument-rows'
import { SymbolListEntity } from './symbol-token-entity'

/** A whole list. */
export interface ListToStore {
  /** `vYYYYMMDD-n`. */
  readonly version: string
  readonly instruments: Iterable<ListedInstrument> | { readonly texts: InstrumentTexts }
}

/** What makes the rows of one version those of another. */
export interface ListChanges {
  /** The version that the broker's rows are now. */
  readonly from: string
  readonly version: string
  /** Instruments of the new version. */
  readonly count: number
  /** Instruments that are new, or differ in anything. */
  readonly changed: InstrumentTexts
  /** Keys that are gone: JSON texts, each an array of `[segment, token]`. */
  readonly removed: Iterable<string> | AsyncIterable<string>
}

export interface InstrumentTableOptions {
  /** Called after each statement that writes or may take long. */
  readonly onStatement?: ((statement: TableStatement) => void) | undefined
}

interface Target {
  readonly table: 'symbol_token' | 'symbol_detail'
  /** Columns that identify a row. */
  readonly key: readonly string[]
  readonly values: readonly string[]
}

const TARGETS: readonly Target[] = [
  { table: 'symbol_token', key: Object.keys(IDENTITY), values: Object.keys(TOKEN_VALUES) },
  { table: 'symbol_detail', key: ['brexchange', 'token'], values: Object.keys(DETAIL_VALUES) },
]

/** Thrown inside the transaction, so that nothing of it stays. */
class UnexpectedRowsError extends Error {}

/** `symbol_token` and its detail: one broker's rows at a time, replaced whole or by what changed. */
export class InstrumentTable {
  constructor(
    private readonly database: Database,
    private readonly options: InstrumentTableOptions = {},
  ) {}

  /** Version of the broker's rows; undefined when it has none. */
  async version(broker: string): Promise<string | undefined> {
    const row = await this.database.read((manager) => manager.findOneBy(SymbolListEntity, { broker }))
    return row?.version
  }

  /** Number of the broker's rows. */
  count(broker: string): Promise<number> {
    return this.database.read((manager) => countRows(manager, broker))
  }

  /**
   * Makes the broker's rows those of the list, in one transaction that touches only what differs. Other brokers' rows
   * stay as they are; other readers see the old rows or the new ones, never a mix. Throws and changes nothing when two
   * instruments share a key or the disk refuses.
   */
  replace(broker: string, { version, instruments }: ListToStore): Promise<TableChanges> {
    const texts = 'texts' in instruments ? instruments.texts : instrumentTexts(instruments)
    return this.database.transaction(async (manager) => {
      const run = this.runnerOf(manager)
      await this.stage(run, texts)
      const changes: TableChanges[] = []
      for (const target of TARGETS) {
        const deleted = await run({
          purpose: `remove what the list no longer has from ${target.table}`,
          sql: `DELETE FROM ${target.table} WHERE broker = ? AND NOT EXISTS (SELECT 1 FROM temp.staged s WHERE ${isSame(target)})`,
          parameters: [broker],
        })
        changes.push({ deleted, ...(await applyStaged(run, broker, target)) })
      }
      return this.finish(run, { broker, version, changes })
    })
  }

  /**
   * The same from what changed alone. Answers false and changes nothing when the rows are not those of `from`, or do not
   * come to `count`: then the list must be stored whole.
   */
  async change(broker: string, list: ListChanges): Promise<TableChanges | false> {
    try {
      return await this.database.transaction((manager) => this.changeRows(manager, broker, list))
    } catch (error) {
      if (error instanceof UnexpectedRowsError) return false
      throw error
    }
  }

  private async changeRows(
    manager: EntityManager,
    broker: string,
    { from, version, count, changed, removed }: ListChanges,
  ): Promise<TableChanges> {
    const known = await manager.findOneBy(SymbolListEntity, { broker })
    if (known?.version !== from) throw new UnexpectedRowsError()
    const run = this.runnerOf(manager)
    await this.stage(run, changed)
    await run({ purpose: 'make room for removed keys', sql: CREATE_GONE })
    await run({ purpose: 'empty removed keys', sql: 'DELETE FROM temp.gone' })
    for await (const text of removed)
      await run({ purpose: 'stage removed keys', sql: FILL_GONE, parameters: [text] })
    const changes: TableChanges[] = []
    for (const target of TARGETS) {
      const deleted = await deleteGone(run, broker, target)
      changes.push({ deleted, ...(await applyStaged(run, broker, target)) })
    }
    if ((await countRows(manager, broker)) !== count) throw new UnexpectedRowsError()
    return this.finish(run, { broker, version, changes })
  }

  private async stage(run: Run, texts: InstrumentTexts): Promise<void> {
    await run({ purpose: 'make room for staged rows', sql: CREATE_STAGED })
    await run({ purpose: 'empty staged rows', sql: 'DELETE FROM temp.staged' })
    for await (const text of texts) await run({ purpose: 'stage rows', sql: FILL_STAGED, parameters: [text] })
  }

  private async finish(
    run: Run,
    { broker, version, changes }: { broker: string; version: string; changes: readonly TableChanges[] },
  ): Promise<TableChanges> {
    await run({ purpose: 'empty staged rows', sql: 'DELETE FROM temp.staged' })
    await run({
      purpose: 'name the version of the rows',
      sql: 'INSERT INTO symbol_list (broker, version) VALUES (?, ?) ON CONFLICT (broker) DO UPDATE SET version = excluded.version',
      parameters: [broker, version],
    })
    const sum = (field: keyof TableChanges): number => changes.reduce((total, one) => total + one[field], 0)
    return { inserted: sum('inserted'), updated: sum('updated'), deleted: sum('deleted') }
  }

  /** Runs statements one after the other and tells of each; answers how many rows it wrote. */
  private runnerOf(manager: EntityManager): Run {
    return async ({ purpose, sql, parameters = [] }) => {
      const beganAt = performance.now()
      await manager.query(sql, [...parameters])
      const [row] = await manager.query<{ rows: number }[]>('SELECT changes() AS rows')
      const rows = /^\s*CREATE/.test(sql) ? 0 : (row?.rows ?? 0)
      this.options.onStatement?.({ purpose, rows, tookMs: performance.now() - beganAt })
      return rows
    }
  }
}

type Run = (statement: {
  readonly purpose: string
  readonly sql: string
  readonly parameters?: readonly unknown[]
}) => Promise<number>

function isSame({ table, key }: Target): string {
  return key.map((column) => `s.${column} = ${table}.${column}`).join(' AND ')
}

/** Deletes the removed keys, and rows whose key stays while their symbol goes. Both are looked up, so nothing else is read. */
function deleteGone(run: Run, broker: string, { table, key }: Target): Promise<number> {
  const byToken = `${table}.broker = ? AND ${table}.brexchange = s.brexchange AND ${table}.token = s.token`
  const row = table === 'symbol_token' ? 'symbol_token.id' : '(symbol_detail.brexchange, symbol_detail.token)'
  const found = table === 'symbol_token' ? 'symbol_token.id' : 'symbol_detail.brexchange, symbol_detail.token'
  const identity = key.filter((column) => column !== 'brexchange' && column !== 'token')
  const renamed =
    identity.length === 0
      ? ''
      : ` UNION ALL SELECT ${found} FROM temp.staged s CROSS JOIN ${table} ON ${byToken}
          WHERE (${identity.map((column) => `${table}.${column}`).join(', ')}) IS NOT (${identity.map((column) => `s.${column}`).join(', ')})`
  const places = renamed === '' ? 1 : 2
  return run({
    purpose: `remove what the list no longer has from ${table}`,
    sql: `DELETE FROM ${table} WHERE ${table}.broker = ? AND ${row} IN (
            SELECT ${found} FROM temp.gone s CROSS JOIN ${table} ON ${byToken}${renamed})`,
    parameters: Array.from({ length: places + 1 }, () => broker),
  })
}

/** Changes what differs and inserts what is new. */
async function applyStaged(
  run: Run,
  broker: string,
  target: Target,
): Promise<Pick<TableChanges, 'updated' | 'inserted'>> {
  const { table, key, values } = target
  const updated = await run({
    purpose: `change what differs in ${table}`,
    sql: `UPDATE ${table} SET ${values.map((column) => `${column} = s.${column}`).join(', ')} FROM temp.staged s
      WHERE ${table}.broker = ? AND ${isSame(target)}
      AND (${values.map((column) => `${table}.${column}`).join(', ')}) IS NOT (${values.map((column) => `s.${column}`).join(', ')})`,
    parameters: [broker],
  })
  const columns = [...key, ...values].join(', ')
  const inserted = await run({
    purpose: `add what is new to ${table}`,
    sql: `INSERT INTO ${table} (broker, ${columns}) SELECT ?, ${columns} FROM temp.staged s
      WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE ${table}.broker = ? AND ${isSame(target)})`,
    parameters: [broker, broker],
  })
  return { updated, inserted }
}

async function countRows(manager: EntityManager, broker: string): Promise<number> {
  const [row] = await manager.query<{ rows: number }[]>(
    'SELECT count(*) AS rows FROM symbol_token WHERE broker = ?',
    [broker],
  )
  return row?.rows ?? 0
}
