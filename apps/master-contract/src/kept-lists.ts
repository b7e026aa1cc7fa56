import { AppError } from '@xts-bridge/contracts'
import {
  ContractDirectory,
  DamagedIndexError,
  dateOfVersion,
  IndexFile,
  type IndexFolder,
} from '@xts-bridge/instruments'
import { indianDate } from './indian-time'

/** Whole lists in memory besides the one in force: some 25 MB each. */
const MOST_OPEN = 2
const DAY_MS = 86_400_000

export interface KeptListsOptions {
  readonly folder: IndexFolder
  readonly broker: string
  readonly keepDays: number
  readonly nowMs: () => number
}

/** Earlier versions of the list, for as long as they are kept. */
export class KeptLists {
  private readonly open = new Map<string, Promise<IndexFile>>()
  private readonly directories = new WeakMap<IndexFile, Promise<ContractDirectory>>()

  constructor(private readonly options: KeptListsOptions) {}

  /** Newest first. */
  versions(): readonly string[] {
    return this.options.folder.versions()
  }

  /** Throws INSTRUMENTS_VERSION_NOT_KEPT. */
  async ofVersion(version: string): Promise<IndexFile> {
    if (!this.versions().includes(version)) throw this.notKept(version)
    const list = await this.opened(version)
    if (list.meta.broker !== this.options.broker) throw this.notKept(version)
    return list
  }

  /** Throws INSTRUMENTS_VERSION_NOT_KEPT. */
  async directory(version: string): Promise<ContractDirectory> {
    const list = await this.ofVersion(version)
    const known = this.directories.get(list)
    if (known !== undefined) return known
    const making = ContractDirectory.inSteps(list, () => new Promise((resolve) => setImmediate(resolve)))
    this.directories.set(list, making)
    return making
  }

  /** True for a kept version of this broker whose file can be read. */
  async isOurs(version: string): Promise<boolean> {
    try {
      return (await this.opened(version)).meta.broker === this.options.broker
    } catch (error) {
      if (error instanceof DamagedIndexError) return false
      throw error
    }
  }

  /** The list that was in force at a time. Throws INSTRUMENTS_VERSION_NOT_KEPT when it is older than what is kept. */
  async at(atMs: number): Promise<IndexFile> {
    const date = indianDate(atMs)
    for (const version of this.versions()) {
      if ((dateOfVersion(version) ?? '') > date) continue
      if (!(await this.isOurs(version))) continue
      const list = await this.opened(version)
      if (list.meta.builtAtMs <= atMs) return list
    }
    throw this.notKept(`of ${new Date(atMs).toISOString()}`)
  }

  /** Removes the versions of earlier days; never the one in force nor the one before it. */
  prune(): void {
    const { folder, keepDays, nowMs } = this.options
    const oldest = indianDate(nowMs() - keepDays * DAY_MS)
    const [, ...earlier] = this.versions()
    const current = folder.current()
    for (const version of earlier.slice(1)) {
      if (version !== current && (dateOfVersion(version) ?? '') < oldest) folder.remove(version)
    }
  }

  private opened(version: string): Promise<IndexFile> {
    const known = this.open.get(version)
    if (known !== undefined) return known
    const [eldest] = this.open.keys()
    if (eldest !== undefined && this.open.size >= MOST_OPEN) this.open.delete(eldest)
    const opening = IndexFile.readInSteps(this.options.folder.path(version))
    this.open.set(version, opening)
    opening.catch(() => this.open.delete(version))
    return opening
  }

  private notKept(wanted: string): AppError {
    return new AppError('INSTRUMENTS_VERSION_NOT_KEPT', { wanted, kept: this.versions().slice(0, 10) })
  }
}
