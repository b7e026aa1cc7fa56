import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManualClock, type Segment } from '@xts-bridge/contracts'
import { IndexFolder, InstrumentStore } from '@xts-bridge/instruments'
import { InstrumentTable, openInstrumentsDatabase, type Database } from '@xts-bridge/persistence'
import type { ListedIndex } from '@xts-bridge/xts'
import { ListKeeper } from '../list-keeper'
import { RefreshInstruments, type RefreshParts } from '../refresh-instruments'
import { repairList } from '../repair-list'
import { inProcessWorkshop } from './in-process-workshop'
import { cashText, type Texts } from './rows'

export const BROKER = 'simulator'
const INDICES: readonly ListedIndex[] = [{ name: 'NIFTY 50', token: 26_000 }]

/** A master-contract without bus and broker: what the broker serves is set by the test. */
export class House {
  readonly clock = new ManualClock(Date.parse('2026-11-20T06:30:00+05:30'))
  readonly folder: IndexFolder
  readonly published: { topic: string; data: unknown }[] = []
  readonly repaired: string[] = []
  texts: Texts = { NSECM: cashText('NSECM', 20), BSECM: cashText('BSECM', 30) }
  indices = INDICES
  segments: Segment[] = ['NSECM', 'BSECM']
  store: InstrumentStore

  private constructor(
    readonly path: string,
    readonly database: Database,
    readonly table: InstrumentTable,
  ) {
    this.folder = new IndexFolder(join(path, 'instruments'))
    this.store = new InstrumentStore(this.folder)
  }

  static async open(): Promise<House> {
    const path = mkdtempSync(join(tmpdir(), 'master-contract-'))
    const database = await openInstrumentsDatabase(join(path, 'instruments.sqlite'))
    return new House(path, database, new InstrumentTable(database))
  }

  keeper(changed: Partial<RefreshParts> = {}): ListKeeper {
    const refresh = new RefreshInstruments({
      clock: this.clock,
      broker: BROKER,
      segments: this.segments,
      lists: {
        open: async () => undefined,
        master: async (segment) => this.texts[segment] ?? '',
        indices: async () => this.indices,
      },
      openWorkshop: inProcessWorkshop,
      folder: this.folder,
      table: this.table,
      ...changed,
    })
    return new ListKeeper({
      store: this.store,
      refresh,
      repair: () => this.repair(),
      nowMs: () => this.clock.nowMs(),
      publish: (topic, data) => this.published.push({ topic, data }),
      onRefreshed: () => undefined,
    })
  }

  repair(): Promise<void> {
    const { folder, table } = this
    return repairList({ broker: BROKER, folder, table, onRepaired: (what) => this.repaired.push(what) })
  }

  /** What a process that starts now would see. */
  async restart(): Promise<void> {
    await this.repair()
    this.store = new InstrumentStore(this.folder)
    this.store.load()
  }

  async tableSymbols(broker = BROKER): Promise<number> {
    return this.table.count(broker)
  }

  /** File, pointer, table and memory hold the same list. */
  async expectOneList(version: string, count: number): Promise<void> {
    expect(this.folder.current()).toBe(version)
    expect(this.store.version).toBe(version)
    expect(this.store.count).toBe(count)
    expect(await this.table.version(BROKER)).toBe(version)
    expect(await this.tableSymbols()).toBe(count)
  }

  async close(): Promise<void> {
    await this.database.close()
    rmSync(this.path, { recursive: true, force: true })
  }
}
