import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ManualClock, type RefreshProgress, type Segment } from '@xts-bridge/contracts'
import { IndexFolder, InstrumentStore } from '@xts-bridge/instruments'
import { InstrumentTable, openInstrumentsDatabase, type Database } from '@xts-bridge/persistence'
import type { ListedIndex } from '@xts-bridge/xts'
import { BrokerLists } from '../broker-lists'
import { ListKeeper } from '../list-keeper'
import type { GateLimits } from '../check-segment'
import { KeptLists } from '../kept-lists'
import { listSegmentsOf } from '../list-segments'
import { RefreshInstruments, type RefreshParts } from '../refresh-instruments'
import { repairList } from '../repair-list'
import { inProcessWorkshop } from './in-process-workshop'
import { masterAnswer } from './master-answer'
import { cashText, type Texts } from './rows'

export const BROKER = 'simulator'
const INDICES: readonly ListedIndex[] = [{ name: 'NIFTY 50', token: 26_000 }]

/** The limits of the settings, without mandatory symbols, which made-up lists do not have. */
export const LIMITS: GateLimits = {
  mostLostPercent: 10,
  mostGainedPercent: 50,
  mostRefusedPercent: 2,
  mostExpiredPercent: 2,
  mandatory: [],
  skipped: [],
}

/** A master-contract without bus and broker: what the broker serves is set by the test. */
export class House {
  clock = new ManualClock(Date.parse('2026-11-20T06:30:00+05:30'))
  readonly folder: IndexFolder
  readonly published: { topic: string; data: unknown }[] = []
  readonly repaired: string[] = []
  readonly progress: RefreshProgress[] = []
  /** Whole answers in place of texts. */
  answers: Partial<Record<Segment, Buffer>> = {}
  texts: Texts = { NSECM: cashText('NSECM', 20), BSECM: cashText('BSECM', 30) }
  indices = INDICES
  segments: Segment[] = ['NSECM', 'BSECM']
  limits = LIMITS
  store: InstrumentStore
  readonly kept: KeptLists

  private constructor(
    readonly path: string,
    readonly database: Database,
    readonly table: InstrumentTable,
  ) {
    this.folder = new IndexFolder(join(path, 'instruments'))
    this.store = new InstrumentStore(this.folder)
    this.kept = new KeptLists({
      folder: this.folder,
      broker: BROKER,
      keepDays: 7,
      nowMs: () => this.clock.nowMs(),
    })
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
      segments: listSegmentsOf(this.segments),
      limits: this.limits,
      lists: this.lists(),
      openWorkshop: inProcessWorkshop,
      folder: this.folder,
      table: this.table,
      prune: () => this.kept.prune(),
      onProgress: (progress) => this.progress.push(progress),
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

  /** The lists as this broker serves them: each answer in pieces, as a connection brings them. */
  lists(): RefreshParts['lists'] {
    const lists = new BrokerLists({
      auth: { request: () => Promise.reject(new Error('no session')) },
      account: 'primary',
      connect: () => ({
        downloadMaster: async (segment, receiveBody) => {
          const answer = this.answers[segment] ?? masterAnswer(this.texts[segment] ?? '')
          const receive = receiveBody()
          for (let at = 0; at < answer.length; at += 1_000) receive(answer.subarray(at, at + 1_000))
          return { kind: 'ok', value: undefined }
        },
        indexList: async () => ({ kind: 'ok', value: this.indices }),
      }),
      onProblem: () => undefined,
    })
    return {
      open: () => lists.open(),
      master: (segment, workshop) => lists.master(segment, workshop),
      indices: (segment) => lists.indices(segment),
    }
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
