import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Column, Entity, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm'
import { Database } from './database'

@Entity('notes')
class Note {
  @PrimaryColumn({ type: 'integer' })
  id!: number

  @Column({ type: 'text' })
  text!: string
}

class CreateNotes1700000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)')
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE notes')
  }
}

class HalfDone1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`INSERT INTO notes VALUES (99, 'from a migration that fails')`)
    await runner.query('CREATE TABLE notes (id INTEGER)')
  }
  async down(): Promise<void> {}
}

let folder: string
let file: string
let opened: Database[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'database-'))
  file = join(folder, 'deep', 'notes.sqlite')
  opened = []
})

afterEach(async () => {
  await Promise.all(opened.map((database) => database.close()))
  rmSync(folder, { recursive: true, force: true })
})

async function open(overrides: { maxWaiting?: number; file?: string } = {}): Promise<Database> {
  const database = await Database.open({
    file,
    entities: [Note],
    migrations: [CreateNotes1700000000001],
    synchronous: 'NORMAL',
    ...overrides,
  })
  opened.push(database)
  return database
}

/** A promise that the test settles by hand. */
function gate(): { open: () => void; passed: Promise<void> } {
  let open = (): void => undefined
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, passed }
}

const ids = async (database: Database): Promise<number[]> =>
  (await database.query<{ id: number }[]>('SELECT id FROM notes ORDER BY id')).map((row) => row.id)

describe('Database', () => {
  it('keeps what was committed across a reopen, in WAL mode, readable by its owner alone', async () => {
    const first = await open()
    await first.transaction((manager) => manager.insert(Note, { id: 1, text: 'kept' }))
    expect(await first.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }])
    expect(statSync(file).mode & 0o077).toBe(0)
    expect(statSync(`${file}-wal`).mode & 0o077).toBe(0)
    await first.close()

    const second = await open()
    expect(await second.read((manager) => manager.find(Note))).toEqual([{ id: 1, text: 'kept' }])
  })

  it.each([
    ['FULL', 2],
    ['NORMAL', 1],
  ] as const)('applies synchronous=%s', async (synchronous, code) => {
    const database = await Database.open({ file, entities: [], migrations: [], synchronous })
    opened.push(database)
    expect(await database.query('PRAGMA synchronous')).toEqual([{ synchronous: code }])
  })

  it("does not let one transaction's rollback erase the work of another asked for at the same time", async () => {
    const database = await open()
    const { open: letFail, passed } = gate()
    const failing = database.transaction(async (manager) => {
      await manager.insert(Note, { id: 1, text: 'undone' })
      await passed
      throw new Error('changed my mind')
    })
    const succeeding = database.transaction((manager) => manager.insert(Note, { id: 2, text: 'kept' }))
    letFail()
    await expect(failing).rejects.toThrow('changed my mind')
    await succeeding
    expect(await ids(database)).toEqual([2])
  })

  it('does not start a transaction while another is open', async () => {
    const database = await open()
    const { open: letFinish, passed } = gate()
    const steps: string[] = []
    const first = database.transaction(async () => {
      steps.push('first begins')
      await passed
      steps.push('first ends')
    })
    const second = database.transaction(async () => {
      steps.push('second begins')
    })
    letFinish()
    await Promise.all([first, second])
    expect(steps).toEqual(['first begins', 'first ends', 'second begins'])
  })

  it('answers a read asked for during a transaction with what is committed, never with what is undone', async () => {
    const database = await open()
    const { open: letFail, passed } = gate()
    const failing = database.transaction(async (manager) => {
      await manager.insert(Note, { id: 1, text: 'undone' })
      await passed
      throw new Error('no')
    })
    const read = database.read((manager) => manager.count(Note))
    const statement = database.query(`INSERT INTO notes VALUES (2, 'asked for during the transaction')`)
    letFail()
    await expect(failing).rejects.toThrow('no')
    expect(await read).toBe(0)
    await statement
    expect(await ids(database)).toEqual([2])
  })

  it('goes on after a statement that failed', async () => {
    const database = await open()
    await expect(database.query('SELECT * FROM no_such_table')).rejects.toThrow('no such table')
    expect(await ids(database)).toEqual([])
  })

  it('commits later statements after the disk ended a transaction by itself', async () => {
    const database = await open()
    const ended = database.transaction(async (manager) => {
      // What SQLite does by itself when the disk is full: the transaction is gone before TypeORM rolls back.
      await manager.query('ROLLBACK')
      throw new Error('disk is full')
    })
    await expect(ended).rejects.toThrow('disk is full')
    await expect(
      database.transaction(async (manager) => {
        await manager.insert(Note, { id: 1, text: 'undone' })
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    await database.query(`INSERT INTO notes VALUES (2, 'kept')`)
    const otherConnection = await open()
    expect(await ids(otherConnection)).toEqual([2])
  })

  it('refuses more work than may wait, and counts what waits', async () => {
    const database = await open({ maxWaiting: 2 })
    const { open: letFinish, passed } = gate()
    const running = database.transaction(() => passed)
    const waiting = database.query('SELECT 1')
    expect(database.waitingCount).toBe(2)
    await expect(database.query('SELECT 2')).rejects.toThrow('too busy: 2 pieces')
    letFinish()
    await Promise.all([running, waiting])
    expect(database.waitingCount).toBe(0)
  })

  it('finishes what was asked for before it closes, and refuses later work', async () => {
    const database = await open()
    const writing = database.query(`INSERT INTO notes VALUES (1, 'just in time')`)
    await database.close()
    await writing
    await expect(database.query('SELECT 1')).rejects.toThrow('closed')
    expect(await ids(await open())).toEqual([1])
  })

  it('names the file and the cause when a migration fails, and undoes its half', async () => {
    await (await open()).close()
    const broken = Database.open({
      file,
      entities: [Note],
      migrations: [CreateNotes1700000000001, HalfDone1700000000002],
      synchronous: 'NORMAL',
    })
    await expect(broken).rejects.toThrow(
      /notes\.sqlite could not be brought to its newest schema: .*already exists/,
    )
    expect(await ids(await open())).toEqual([])
  })

  it('names the file when it is not a database', async () => {
    const text = join(folder, 'notes.txt')
    writeFileSync(text, 'this is a letter and no database at all'.repeat(100))
    await expect(open({ file: text })).rejects.toThrow(/notes\.txt could not be opened: .*not a database/)
  })

  it('names the file when its folder cannot be made', async () => {
    writeFileSync(join(folder, 'occupied'), '')
    await expect(open({ file: join(folder, 'occupied', 'notes.sqlite') })).rejects.toThrow(
      /occupied\/notes\.sqlite could not be opened/,
    )
  })
})
