import {
  AppError,
  type Instrument,
  type InstrumentKey,
  type ListedInstrument,
  type Segment,
} from '@xts-bridge/contracts'
import { ContractDirectory } from './contract-directory'
import { IndexFile } from './index-file'
import { IndexFolder } from './index-folder'
import { InstrumentSearch } from './instrument-search'
import type { ListMeta } from './list-meta'
import type { SearchQuery } from './list-queries'
import { nearMatches } from './near-matches'

/**
 * The instrument list of this process: one immutable file in memory, replaced in one assignment. An instrument that was
 * handed out stays valid when the list is replaced.
 */
export class InstrumentStore {
  private readonly files: IndexFolder
  private list: IndexFile | undefined
  private questions: ListQuestions | undefined

  constructor(options: { readonly folder: string }) {
    this.files = new IndexFolder(options.folder)
  }

  /** `vYYYYMMDD-n`; undefined before the first list. */
  get version(): string | undefined {
    return this.list?.meta.version
  }

  /** Instruments in the list; 0 before the first. */
  get count(): number {
    return this.list?.count ?? 0
  }

  /** What the loaded list says about itself. */
  get meta(): ListMeta | undefined {
    return this.list?.meta
  }

  /**
   * Loads the version in force; true when it was not the loaded one. Throws DamagedIndexError when its file is damaged,
   * and then keeps the list it has.
   */
  load(): boolean {
    const version = this.versionToLoad()
    if (version === undefined) return false
    this.list = IndexFile.read(this.files.path(version))
    return true
  }

  /** As `load`, without holding the event loop. */
  async loadInSteps(): Promise<boolean> {
    const version = this.versionToLoad()
    if (version === undefined) return false
    this.list = await IndexFile.readInSteps(this.files.path(version))
    return true
  }

  /** Takes a list that was read already, so that its file is not read twice. */
  use(list: IndexFile): void {
    this.list = list
  }

  /** Expiries, option chains and pages of the list in force; made on first use, in steps. Throws INSTRUMENTS_UNAVAILABLE before the first list. */
  async directory(): Promise<ContractDirectory> {
    return await this.questionsOfList().directory
  }

  /** Best matches first, at most MOST_FOUND; the first search in a list takes longer. Throws INSTRUMENTS_UNAVAILABLE before the first list. */
  async search(query: SearchQuery): Promise<readonly ListedInstrument[]> {
    const search = await this.questionsOfList().search
    return search.find(query)
  }

  find(key: InstrumentKey): Instrument | undefined {
    return this.list?.find(key)
  }

  /** Throws INSTRUMENT_NOT_FOUND with up to five near matches, INSTRUMENTS_UNAVAILABLE before the first list. */
  require(key: InstrumentKey): Instrument {
    if (this.list === undefined) throw new AppError('INSTRUMENTS_UNAVAILABLE')
    const instrument = this.list.find(key)
    if (instrument !== undefined) return instrument
    const { exchange, symbol } = key
    throw new AppError('INSTRUMENT_NOT_FOUND', { exchange, symbol, near: nearMatches(this.list, key) })
  }

  byToken(segment: Segment, token: number): Instrument | undefined {
    return this.list?.byToken(segment, token)
  }

  /** As `byToken`, with what only the list itself has: price units, isin, series. */
  listedByToken(segment: Segment, token: number): ListedInstrument | undefined {
    return this.list?.listedByToken(segment, token)
  }

  private questionsOfList(): ListQuestions {
    if (this.list === undefined) throw new AppError('INSTRUMENTS_UNAVAILABLE')
    if (this.questions?.list !== this.list) this.questions = new ListQuestions(this.list)
    return this.questions
  }

  private versionToLoad(): string | undefined {
    const version = this.files.current()
    return version === this.version ? undefined : version
  }
}

/** What only some processes ask of a list, made when they do and gone with the list. */
class ListQuestions {
  private builtDirectory: Promise<ContractDirectory> | undefined
  private builtSearch: Promise<InstrumentSearch> | undefined

  constructor(readonly list: IndexFile) {}

  get directory(): Promise<ContractDirectory> {
    return (this.builtDirectory ??= ContractDirectory.inSteps(this.list, giveWay))
  }

  get search(): Promise<InstrumentSearch> {
    return (this.builtSearch ??= this.directory.then((directory) =>
      InstrumentSearch.build(this.list, directory, giveWay),
    ))
  }
}

function giveWay(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
