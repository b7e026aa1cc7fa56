import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

const POINTER = 'current'
const INDEX_SUFFIX = '.index'
const UNFINISHED_SUFFIX = '.unfinished'
const VERSION = /^v(\d{8})-(\d+)$/

/** Folder of the index files below a data folder. */
export function instrumentsFolder(dataDir: string): string {
  return join(dataDir, 'instruments')
}

/**
 * The files of the instrument list: `<version>.index`, and `current`, which names the version in force.
 * Every file appears under its final name only when it is whole and on disk.
 */
export class IndexFolder {
  constructor(readonly folder: string) {}

  /** The version in force; undefined when there is none yet, or when the pointer holds something else. */
  current(): string | undefined {
    const version = readIfThere(join(this.folder, POINTER))?.trim()
    return version !== undefined && VERSION.test(version) ? version : undefined
  }

  /** Versions whose file is there, newest first. */
  versions(): readonly string[] {
    return this.fileNames()
      .filter((name) => name.endsWith(INDEX_SUFFIX))
      .map((name) => name.slice(0, -INDEX_SUFFIX.length))
      .filter((version) => VERSION.test(version))
      .sort(compareVersions)
      .reverse()
  }

  path(version: string): string {
    return join(this.folder, version + INDEX_SUFFIX)
  }

  /** The next free version of this Indian date (`20261120`). `others`: versions that are taken although no file has them. */
  nextVersion(date: string, others: readonly (string | undefined)[] = []): string {
    const counters = [...this.versions(), this.current(), ...others].map((version) =>
      counterOn(date, version),
    )
    return `v${date}-${Math.max(0, ...counters) + 1}`
  }

  /** Writes a version's file and waits for the disk. */
  write(version: string, bytes: Uint8Array): void {
    this.writeWhole(version + INDEX_SUFFIX, bytes)
  }

  /** Makes a version the one in force, in one rename. */
  pointTo(version: string): void {
    this.writeWhole(POINTER, Buffer.from(`${version}\n`))
  }

  /** Leaves no version in force; processes that loaded one keep it. */
  withdraw(): void {
    rmSync(join(this.folder, POINTER), { force: true })
  }

  /** Removes one version's file. */
  remove(version: string): void {
    rmSync(this.path(version), { force: true })
  }

  /** Removes what an interrupted write left behind. */
  removeUnfinished(): void {
    for (const name of this.fileNames().filter((file) => file.endsWith(UNFINISHED_SUFFIX))) {
      rmSync(join(this.folder, name), { force: true })
    }
  }

  /** Removes all but the newest `count` files and the one in force; returns the removed versions. */
  keepNewest(count: number): readonly string[] {
    const current = this.current()
    const surplus = this.versions()
      .slice(count)
      .filter((version) => version !== current)
    for (const version of surplus) this.remove(version)
    return surplus
  }

  private fileNames(): readonly string[] {
    try {
      return readdirSync(this.folder)
    } catch (error) {
      if (isMissing(error)) return []
      throw error
    }
  }

  private writeWhole(name: string, bytes: Uint8Array): void {
    mkdirSync(this.folder, { recursive: true })
    const unfinished = join(this.folder, `${name}.${process.pid}${UNFINISHED_SUFFIX}`)
    const file = openSync(unfinished, 'w')
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(unfinished, join(this.folder, name))
    syncFolder(this.folder)
  }
}

/** Orders versions by date, then by counter. */
export function compareVersions(a: string, b: string): number {
  const first = partsOf(a)
  const second = partsOf(b)
  if (first.date === second.date) return first.counter - second.counter
  return first.date < second.date ? -1 : 1
}

/** The Indian date (`20261120`) in a version; undefined for anything else. */
export function dateOfVersion(version: string): string | undefined {
  return VERSION.exec(version)?.[1]
}

function partsOf(version: string): { readonly date: string; readonly counter: number } {
  const [, date = '', counter = '0'] = VERSION.exec(version) ?? []
  return { date, counter: Number(counter) }
}

function counterOn(date: string, version: string | undefined): number {
  const parts = partsOf(version ?? '')
  return parts.date === date ? parts.counter : 0
}

/** A rename is on disk only when its folder is. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT'
}
