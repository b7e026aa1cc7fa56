import type { SessionSocket } from '../state/session-registry'
import { isBinaryCode, type BinaryCode, type FigureCode } from '../wire/market-codes'
import type { MarketFigures } from '../wire/market-figures'
import type { BinaryFrames } from './binary-frames'
import type { FeedTape } from './market-feed'
import type { Audience } from './market-watch'
import type { TickForms } from './tick-forms'

export interface TickTellerParts {
  readonly frames: BinaryFrames
  readonly partialKeys: 'all' | 'changed'
  readonly tape: FeedTape | undefined
  /** What faults make of the figures of a packet. */
  readonly spoil: (code: BinaryCode, figures: MarketFigures) => MarketFigures
}

const BINARY_EVENT = 'xts-binary-packet'
const FULL_EVENTS = eventNames('full')
const PARTIAL_EVENTS = eventNames('partial')

function eventNames(form: 'full' | 'partial'): Readonly<Record<FigureCode, string>> {
  const name = (code: FigureCode): string => `${code}-json-${form}`
  return { 1501: name(1501), 1502: name(1502), 1504: name(1504), 1510: name(1510), 1512: name(1512) }
}

/** A tick on its way to everybody who subscribed it: each socket in the form it came for. */
export class TickTeller {
  constructor(private readonly parts: TickTellerParts) {}

  tell(code: FigureCode, audience: Audience, forms: TickForms): void {
    if (isBinaryCode(code)) this.tellBinary(code, audience, forms)
    const isOnlyJson = !isBinaryCode(code)
    let isPartialHeard = false
    let isFullHeard = false
    for (const session of audience.sessions) {
      for (const socket of session.sockets) {
        // Codes without a binary layout come as JSON, whatever was asked for.
        if (!socket.hearsJson && !isOnlyJson) continue
        if (socket.isPartial) {
          this.tellPartial(socket, code, audience, forms)
          isPartialHeard = true
        } else {
          socket.emit(FULL_EVENTS[code], forms.full())
          isFullHeard = true
        }
      }
    }
    if (isFullHeard) this.parts.tape?.sent(audience.to, FULL_EVENTS[code], forms.full())
    if (isPartialHeard) this.notePartial(code, audience, forms)
  }

  private tellBinary(code: BinaryCode, audience: Audience, forms: TickForms): void {
    const spoil = (figures: MarketFigures): MarketFigures => this.parts.spoil(code, figures)
    let isHeard = false
    for (const session of audience.sessions) {
      if (!hasBinarySocket(session.sockets)) continue
      this.parts.frames.add(session, forms.changedPacket(code, spoil))
      isHeard = true
    }
    if (isHeard) this.parts.tape?.sent(audience.to, BINARY_EVENT, forms.packet(code))
  }

  private tellPartial(socket: SessionSocket, code: FigureCode, audience: Audience, forms: TickForms): void {
    const event = PARTIAL_EVENTS[code]
    const before = audience.informed.has(socket) ? audience.partial : undefined
    if (this.parts.partialKeys === 'all' || !before) {
      audience.informed.add(socket)
      socket.emit(event, forms.wholePartial())
      return
    }
    const changed = forms.changedPartial(before)
    if (changed !== undefined) socket.emit(event, changed)
  }

  /** A recording has every key each time, so that it can be played from any place. */
  private notePartial(code: FigureCode, audience: Audience, forms: TickForms): void {
    if (this.parts.partialKeys === 'changed') audience.partial = forms.partial()
    this.parts.tape?.sent(audience.to, PARTIAL_EVENTS[code], forms.wholePartial())
  }
}

function hasBinarySocket(sockets: ReadonlySet<SessionSocket>): boolean {
  for (const socket of sockets) if (socket.hearsBinary) return true
  return false
}
