import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DataSource, type EntityManager, type MigrationInterface, type ObjectLiteral } from 'typeorm'

type Class<T> = new () => T

export interface DatabaseOptions {
  /** Path of the SQLite file; its folder is created. */
  readonly file: string
  readonly entities: readonly Class<ObjectLiteral>[]
  readonly migrations: readonly Class<MigrationInterface>[]
  /** FULL waits for the disk at every commit; NORMAL may lose the last commits when the machine (not the process) dies. */
  readonly synchronous: 'FULL' | 'NORMAL'
}

/**
 * One SQLite file in WAL mode behind one connection, migrated to its newest schema.
 * A data source has a single connection, so transactions at once would interleave and one's rollback would erase the
 * other's work: `transaction` therefore runs them one after the other.
 */
export class Database {
  private queue: Promise<unknown> = Promise.resolve()

  private constructor(private readonly source: DataSource) {}

  /** Opens and migrates. Throws when the file cannot be opened or a migration fails. */
  static async open(options: DatabaseOptions): Promise<Database> {
    mkdirSync(dirname(options.file), { recursive: true })
    const source = new DataSource({
      type: 'sqlite',
      database: options.file,
      entities: [...options.entities],
      migrations: [...options.migrations],
      migrationsTransactionMode: 'each',
      enableWAL: true,
      synchronize: false,
      logging: false,
    })
    await source.initialize()
    await source.query('PRAGMA busy_timeout = 5000')
    await source.query(`PRAGMA synchronous = ${options.synchronous}`)
    await source.runMigrations()
    return new Database(source)
  }

  /** Entity manager for reads and single statements outside any transaction. */
  get manager(): EntityManager {
    return this.source.manager
  }

  /** One statement with `?` parameters; rows as plain objects. It waits for a running transaction. */
  query<T = unknown>(sql: string, parameters: readonly unknown[] = []): Promise<T> {
    return this.enqueue(() => this.source.query<T>(sql, [...parameters]))
  }

  /** Runs `work` in a transaction, after those asked for earlier. */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.enqueue(() => this.source.transaction(work))
  }

  async close(): Promise<void> {
    await this.queue.catch(() => undefined)
    await this.source.destroy()
  }

  private enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.queue.then(work)
    this.queue = result.catch(() => undefined)
    return result
  }
}
