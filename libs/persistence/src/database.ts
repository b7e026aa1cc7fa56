import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  DataSource,
  type EntityManager,
  type Logger,
  type MigrationInterface,
  type ObjectLiteral,
} from 'typeorm'
import sqlite3 from 'sqlite3'

/** TypeORM turns on sqlite3's verbose mode, which takes a stack trace for every statement: a millisecond an order. */
const QUIET_SQLITE = { verbose: (): typeof sqlite3 => sqlite3 }

type Class<T> = new () => T

export interface DatabaseOptions {
  /** Path of the SQLite file; its folder is created. */
  readonly file: string
  readonly entities: readonly Class<ObjectLiteral>[]
  readonly migrations: readonly Class<MigrationInterface>[]
  /** FULL waits for the disk at every commit; NORMAL may lose the last commits when the machine (not the process) dies. */
  readonly synchronous: 'FULL' | 'NORMAL'
  /** Most pieces of work that may wait for the connection; 10,000 unless given. */
  readonly maxWaiting?: number
}

/** How long a statement waits for another process that writes the same file. */
const BUSY_TIMEOUT_MS = 5_000
const MAX_WAITING = 10_000

/** TypeORM prints failed migrations to standard output even with logging off; we throw them instead. */
const SILENT: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
}

/**
 * One SQLite file in WAL mode behind one connection, migrated to its newest schema.
 * A data source has a single connection: transactions at once would interleave and one's rollback would erase the
 * other's work, and a statement from outside would join whichever transaction is open. So everything runs one after
 * the other, in the order it was asked for. Inside `transaction` and `read` use only the manager that is handed over:
 * asking this object again and waiting for it there would wait for itself.
 */
export class Database {
  private queue: Promise<unknown> = Promise.resolve()
  private waiting = 0
  private isClosed = false

  private constructor(
    private readonly source: DataSource,
    private readonly options: DatabaseOptions,
  ) {}

  /** Opens and migrates. Throws, naming the file, when it cannot be opened or a migration fails. */
  static async open(options: DatabaseOptions): Promise<Database> {
    const source = new DataSource({
      type: 'sqlite',
      driver: QUIET_SQLITE,
      database: options.file,
      entities: [...options.entities],
      migrations: [...options.migrations],
      migrationsTransactionMode: 'each',
      enableWAL: true,
      busyTimeout: BUSY_TIMEOUT_MS,
      synchronize: false,
      logger: SILENT,
    })
    await connect(source, options)
    await migrate(source, options)
    return new Database(source, options)
  }

  /** Pieces of work that run or wait for the connection now. */
  get waitingCount(): number {
    return this.waiting
  }

  /** One statement with `?` parameters; rows as plain objects. It waits for a running transaction. */
  query<T = unknown>(sql: string, parameters: readonly unknown[] = []): Promise<T> {
    return this.enqueue(() => this.source.query<T>(sql, [...parameters]))
  }

  /** Runs `work`, which only reads, after what was asked for earlier. Writes go through `transaction` or `query`. */
  read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.enqueue(() => work(this.source.manager))
  }

  /** Runs `work` in a transaction, after what was asked for earlier; when it throws, all it wrote is undone. */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.enqueue(() => this.runTransaction(work))
  }

  /** Finishes what was asked for, then closes the file. Later calls reject. */
  async close(): Promise<void> {
    if (this.isClosed) return
    this.isClosed = true
    await this.queue
    await this.source.destroy()
  }

  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    if (this.isClosed) return Promise.reject(new Error('The database is closed.'))
    if (this.waiting >= (this.options.maxWaiting ?? MAX_WAITING))
      return Promise.reject(
        new Error(`The database is too busy: ${this.waiting} pieces of work wait for it already.`),
      )
    this.waiting += 1
    const result = this.queue
      .then(() => this.ensureConnected())
      .then(work)
      .finally(() => {
        this.waiting -= 1
      })
    // The next piece runs whatever became of this one; the caller holds `result` and hears of the failure there.
    this.queue = result.catch(() => undefined)
    return result
  }

  /**
   * When the disk refuses, SQLite may end the transaction by itself; TypeORM's own rollback then fails and it goes on
   * believing that one is open, so that later statements would never commit. A fresh connection knows the truth.
   */
  private async runTransaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const runner = this.source.createQueryRunner()
    try {
      return await this.source.transaction(work)
    } finally {
      if (runner.isTransactionActive) await closeQuietly(this.source)
    }
  }

  private async ensureConnected(): Promise<void> {
    if (!this.source.isInitialized) await connect(this.source, this.options)
  }
}

async function connect(source: DataSource, options: DatabaseOptions): Promise<void> {
  try {
    mkdirSync(dirname(options.file), { recursive: true, mode: 0o700 })
    // SQLite gives the -wal and -shm files the mode of the file itself, so none of them is readable by others.
    closeSync(openSync(options.file, 'a', 0o600))
    await source.initialize()
    await source.query(`PRAGMA synchronous = ${options.synchronous}`)
  } catch (cause) {
    await closeQuietly(source)
    throw new Error(`The database ${options.file} could not be opened: ${textOf(cause)}`, { cause })
  }
}

async function migrate(source: DataSource, options: DatabaseOptions): Promise<void> {
  try {
    await source.runMigrations()
  } catch (cause) {
    await closeQuietly(source)
    throw new Error(
      `The database ${options.file} could not be brought to its newest schema: ${textOf(cause)}. ` +
        'The migration was undone; the file is as it was.',
      { cause },
    )
  }
}

async function closeQuietly(source: DataSource): Promise<void> {
  if (source.isInitialized) await source.destroy()
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
