import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Segment } from '@xts-bridge/contracts'
import type { ListMeta } from '@xts-bridge/instruments'
import type { ListedIndex } from '@xts-bridge/xts'
import type { ParsedList } from './list-builder'

export interface WorkshopRequest {
  readonly id: number
  readonly work:
    | { readonly kind: 'master'; readonly text: string }
    | { readonly kind: 'indices'; readonly segment: Segment; readonly indices: readonly ListedIndex[] }
    | { readonly kind: 'finish' }
    | { readonly kind: 'write'; readonly folder: string; readonly meta: ListMeta }
}

export type WorkshopReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly problem: string }

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** A ListBuilder in a thread of its own; the thread and its memory are gone after `close`. */
export class ListWorkshop {
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

  async addMaster(text: string): Promise<void> {
    await this.ask({ kind: 'master', text })
  }

  async addIndices(segment: Segment, indices: readonly ListedIndex[]): Promise<void> {
    await this.ask({ kind: 'indices', segment, indices })
  }

  async finish(): Promise<ParsedList> {
    return (await this.ask({ kind: 'finish' })) as ParsedList
  }

  async write(folder: string, meta: ListMeta): Promise<void> {
    await this.ask({ kind: 'write', folder, meta })
  }

  async close(): Promise<void> {
    await this.worker.terminate()
  }

  private ask(work: WorkshopRequest['work']): Promise<unknown> {
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
