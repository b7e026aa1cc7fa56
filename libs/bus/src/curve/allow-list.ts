import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '@xts-bridge/contracts'
import { readPublicKey } from './curve-keys'

export interface AllowListOptions {
  /** Folder of `<name>.pub` files. */
  readonly folder: string
  readonly clock: Clock
  /** A file that is no key, or a folder that cannot be read; told when it changes. */
  onProblem?(problem: string): void
}

/** A change of the folder holds after this time at the latest, without a restart. */
export const ALLOW_LIST_AGE_MS = 1_000
const OTHERS_MAY_WRITE = 0o022

/**
 * The public keys that may connect. The folder is read again at a handshake when what is known is a second old, so that
 * adding a file lets a client in and removing it keeps it out. When the folder cannot be read, nobody is let in.
 */
export class AllowList {
  private names: ReadonlyMap<string, string> = new Map()
  private readAtMs = -Infinity
  private lastProblem = ''

  constructor(private readonly options: AllowListOptions) {}

  /** How many clients are on it now. */
  get size(): number {
    this.refresh()
    return this.names.size
  }

  /** The client's name, or undefined when it may not connect. */
  nameOf(publicKey: string): string | undefined {
    this.refresh()
    return this.names.get(publicKey)
  }

  private refresh(): void {
    const nowMs = this.options.clock.nowMs()
    const ageMs = nowMs - this.readAtMs
    // A clock that was set back must not keep an old list in force.
    if (ageMs >= 0 && ageMs < ALLOW_LIST_AGE_MS) return
    this.readAtMs = nowMs
    const problems: string[] = []
    this.names = this.read(problems)
    this.tell(problems.join('; '))
  }

  private read(problems: string[]): ReadonlyMap<string, string> {
    const names = new Map<string, string>()
    const { folder } = this.options
    try {
      // Whoever can write here can let himself in.
      if ((statSync(folder).mode & OTHERS_MAY_WRITE) !== 0) throw new Error(`${folder} is writable by others`)
      for (const file of readdirSync(folder).filter((name) => name.endsWith('.pub')))
        this.readOne(file, names, problems)
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error))
    }
    return names
  }

  /** One bad file keeps no other client out. */
  private readOne(file: string, names: Map<string, string>, problems: string[]): void {
    try {
      names.set(readPublicKey(join(this.options.folder, file)), file.slice(0, -'.pub'.length))
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error))
    }
  }

  private tell(problem: string): void {
    if (problem !== '' && problem !== this.lastProblem) this.options.onProblem?.(problem)
    this.lastProblem = problem
  }
}
