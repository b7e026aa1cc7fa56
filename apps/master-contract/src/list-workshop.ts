import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { DiffCounts } from '@xts-bridge/contracts'
import type { ListMeta } from '@xts-bridge/instruments'
import type { ListedIndex, MasterAnswerEnd } from '@xts-bridge/xts'
import type { CheckedList, ListToCheck, TextKind } from './list-builder'
import type { ListMarks } from './list-marks'
import type { ListSegment } from './list-segments'
import type { Workshop } from './workshop'

export type WorkshopWork =
  | { readonly kind: 'know'; readonly lastGood: string; readonly marks: ListMarks }
  | { readonly kind: 'begin'; readonly segment: ListSegment }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'indices'; readonly segment: ListSegment; readonly indices: readonly ListedIndex[] }
  | { readonly kind: 'check'; readonly list: ListToCheck }
  | { readonly kind: 'write'; readonly folder: string; readonly meta: ListMeta }
  | { readonly kind: 'compare' }
  | { readonly kind: 'text'; readonly of: TextKind }
  | { readonly kind: 'rewind' }

export interface WorkshopRequest {
  /** 0 for work that is not answered. */
  readonly id: number
  readonly work: WorkshopWork
}

export type WorkshopReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly problem: string }

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** A ListBuilder in a thread of its own; the thread and its memory are gone after `close`. */
export class ListWorkshop implements Workshop {
  private readonly waiting = new Map<number, Waiting>()
  private lastId = 0
  private hasEnded = false

  constructor(private readonly worker: Worker = new Worker(join(__dirname, 'list-worker.js'))) {
    worker.on('message', (reply: WorkshopReply) => this.settle(reply))
    worker.on('error', (error) => this.end(asError(error)))
    worker.on('exit', (code) =>
      this.end(new Error(`The thread that builds the list ended with code ${code}.`)),
    )
  }

  know(lastGood: string, marks: ListMarks): void {
    this.tell({ kind: 'know', lastGood, marks })
  }

  begin(segment: ListSegment): void {
    this.tell({ kind: 'begin', segment })
  }

  /** Copies the bytes, since they belong to the connection, and gives the copy away. */
  addBytes(piece: Uint8Array): void {
    const bytes = new Uint8Array(piece)
    this.tell({ kind: 'bytes', bytes }, [bytes.buffer])
  }

  async endMaster(): Promise<MasterAnswerEnd> {
    return (await this.ask({ kind: 'end' })) as MasterAnswerEnd
  }

  async addIndices(segment: ListSegment, indices: readonly ListedIndex[]): Promise<void> {
    await this.ask({ kind: 'indices', segment, indices })
  }

  async check(list: ListToCheck): Promise<CheckedList> {
    return (await this.ask({ kind: 'check', list })) as CheckedList
  }

  async write(folder: string, meta: ListMeta): Promise<ListMarks> {
    return (await this.ask({ kind: 'write', folder, meta })) as ListMarks
  }

  async compare(): Promise<DiffCounts> {
    return (await this.ask({ kind: 'compare' })) as DiffCounts
  }

  /** The next text is made while the one before is being used. */
  async *texts(kind: TextKind): AsyncGenerator<string> {
    const next = async (): Promise<string | undefined> =>
      (await this.ask({ kind: 'text', of: kind })) as string | undefined
    let coming = next()
    for (;;) {
      const text = await coming
      if (text === undefined) return
      coming = next()
      // Whoever stops half-way never sees the text that was coming, nor why it failed.
      coming.catch(() => undefined)
      yield text
    }
  }

  rewind(): void {
    this.tell({ kind: 'rewind' })
  }

  async close(): Promise<void> {
    await this.worker.terminate()
  }

  private tell(work: WorkshopWork, transfer: readonly ArrayBuffer[] = []): void {
    if (!this.hasEnded) this.worker.postMessage({ id: 0, work } satisfies WorkshopRequest, [...transfer])
  }

  private ask(work: WorkshopWork): Promise<unknown> {
    if (this.hasEnded) return Promise.reject(new Error('The thread that builds the list has ended.'))
    const id = (this.lastId += 1)
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      this.worker.postMessage({ id, work } satisfies WorkshopRequest)
    })
  }

  private settle(reply: WorkshopReply): void {
    const waiting = this.waiting.get(reply.id)
    this.waiting.delete(reply.id)
    if (reply.ok) waiting?.resolve(reply.value)
    else waiting?.reject(new Error(reply.problem))
  }

  private end(error: Error): void {
    this.hasEnded = true
    for (const { reject } of this.waiting.values()) reject(error)
    this.waiting.clear()
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
