import { AppError, type Clock, type Subject } from '@xts-bridge/contracts'
import type { BusAsker } from './bus-asker'

const ASK_AGAIN_WHEN_DOWN_MS = 1_000
const ASK_AGAIN_WHEN_UP_MS = 10_000
const ANSWER_LIMIT_MS = 2_000

/** A service and a question to it; the question may be one that it refuses. */
export interface Peer {
  readonly name: string
  readonly asker: BusAsker
  readonly subject: Subject
  readonly question: unknown
}

/**
 * Knows which services answer, by asking each now and then under the gateway's own key. A refusal is an answer too, so
 * the key needs no scope for it.
 */
export class Reachability {
  private readonly answering = new Map<string, boolean>()
  private readonly cancels = new Map<string, () => void>()
  private isClosed = false

  constructor(
    private readonly peers: readonly Peer[],
    private readonly clock: Clock,
  ) {
    for (const peer of peers) this.answering.set(peer.name, false)
  }

  start(): void {
    for (const peer of this.peers) void this.ask(peer)
  }

  isAnswering(name: string): boolean {
    return this.answering.get(name) ?? false
  }

  close(): void {
    this.isClosed = true
    for (const cancel of this.cancels.values()) cancel()
  }

  private async ask(peer: Peer): Promise<void> {
    const isUp = await isAnswered(peer)
    if (this.isClosed) return
    this.answering.set(peer.name, isUp)
    const delayMs = isUp ? ASK_AGAIN_WHEN_UP_MS : ASK_AGAIN_WHEN_DOWN_MS
    this.cancels.set(
      peer.name,
      this.clock.after(delayMs, () => void this.ask(peer)),
    )
  }
}

async function isAnswered({ asker, subject, question }: Peer): Promise<boolean> {
  try {
    await asker.request(subject, question, { timeoutMs: ANSWER_LIMIT_MS })
    return true
  } catch (error) {
    return error instanceof AppError && error.code !== 'REPLY_LOST' && error.code !== 'REQUEST_NOT_SENT'
  }
}
