import type { Session, SessionRegistry, SessionSocket } from '../state/session-registry'
import type { SimClock } from '../time/sim-clock'
import type { Tape } from './read-tape'
import { ReplayedValues } from './replayed-values'
import { EVERYBODY, readEventName, type TapeForm, type TapeMessage } from './tape-message'
import { TapePlayer, type TapeAudience, type TapeSpeed, type TapeStart } from './tape-player'
import type { TapeRecorder } from './tape-recorder'

/** A sudden end loses at most what was recorded in this time. */
const FLUSH_EVERY_MS = 500

export interface TapeDeckParts {
  readonly clock: SimClock
  readonly sessions: () => SessionRegistry
  readonly tape: Tape | undefined
  readonly speed: TapeSpeed
  readonly start: TapeStart
  readonly recorder: TapeRecorder | undefined
  /** A tape told that an instrument (`1:26000`) traded at this price: its own market should be there too. */
  readonly onPrice: (key: string, price: number) => void
}

/** Plays a recorded tape to the market-data sockets, and records what they are sent. */
export class TapeDeck implements TapeAudience {
  readonly player: TapePlayer | undefined
  private readonly values = new ReplayedValues()
  private endFlushing: () => void = () => undefined
  private readonly lastPrices = new Map<string, number>()

  constructor(private readonly parts: TapeDeckParts) {
    const { tape, clock, speed, start } = parts
    if (tape) this.player = new TapePlayer({ tape, clock, audience: this, speed, start })
  }

  /** From here on it records, and plays as it was told to. Throws TapeUnusable for a recording that is there already. */
  begin(): void {
    const { recorder, clock } = this.parts
    recorder?.begin(clock.nowMs())
    if (recorder) this.endFlushing = clock.every(FLUSH_EVERY_MS, () => recorder.flush())
    this.player?.start()
  }

  /** Whether the tape speaks for this instrument (`1:26000`): then nobody else does. */
  owns(key: string): boolean {
    return this.parts.tape?.instruments.has(key) === true
  }

  quote(code: number, key: string): string | undefined {
    return this.values.quote(code, key)
  }

  snapshot(code: number, key: string): string | undefined {
    return this.values.snapshot(code, key)
  }

  /** The feed sent a message of its own, to however many sockets. `to` as in `TapeMessage`. */
  sent(to: string, event: string, payload: string | Buffer): void {
    this.parts.recorder?.record({ atMs: this.parts.clock.nowMs(), to, event, payload })
  }

  isListening(): boolean {
    return this.listeners().some(
      (session) => session.sockets.size > 0 && [...session.subscriptions].some((key) => this.owns(instrumentOf(key))),
    ) // prettier-ignore
  }

  hear(message: TapeMessage): void {
    const { to, event, payload } = message
    this.learn(message)
    const form = readEventName(event)?.form ?? 'full'
    let isHeard = false
    for (const session of this.listeners()) {
      if (!isMeant(session, to)) continue
      for (const socket of session.sockets) {
        if (!this.takes(socket, form, to)) continue
        socket.emit(event, payload)
        isHeard = true
      }
    }
    if (isHeard) this.sent(to, event, payload)
  }

  /** The tape begins anew: its last values are none. */
  forget(): void {
    this.values.forget()
    this.lastPrices.clear()
  }

  close(): void {
    this.endFlushing()
    this.player?.close()
    this.parts.recorder?.close()
  }

  private learn(message: TapeMessage): void {
    const price = this.values.learn(message)
    const key = instrumentOf(message.to)
    if (price === undefined || price <= 0 || this.lastPrices.get(key) === price || !this.owns(key)) return
    this.lastPrices.set(key, price)
    this.parts.onPrice(key, price)
  }

  private listeners(): Session[] {
    return this.parts.sessions().live('market')
  }

  /** A socket hears the form it asked for; of a message the tape has in no such form, what there is. */
  private takes(socket: SessionSocket, form: TapeForm, to: string): boolean {
    const forms = this.parts.tape?.forms.get(to)
    if (!forms) return true
    const json: TapeForm = socket.isPartial ? 'partial' : 'full'
    const asked = [...(socket.hearsBinary ? ['binary' as const] : []), ...(socket.hearsJson ? [json] : [])]
    // Some codes have no binary layout: there JSON is what a binary socket hears.
    const preferred = [asked, [json]].find((some) => some.some((wanted) => forms.has(wanted)))
    return preferred?.includes(form) ?? true
  }
}

/** `1501:1:26000` is about `1:26000`. */
const instrumentOf = (to: string): string => to.slice(to.indexOf(':') + 1)

function isMeant(session: Session, to: string): boolean {
  if (to === EVERYBODY) return true
  if (to.includes(':')) return session.subscriptions.has(to)
  return [...session.subscriptions].some((subscription) => subscription.startsWith(`${to}:`))
}
