import type { InstrumentMarket } from '../matching/instrument-market'
import type { Session, SessionSocket } from '../state/session-registry'
import type { MessageCode } from '../wire/market-codes'
import type { UnderlyingFigures } from '../wire/market-figures'
import type { PartialMessage } from '../wire/market-partials'

/** Who hears one message code of one instrument, and what they heard last. */
export interface Audience {
  /** `1501:1:26000` */
  readonly to: string
  readonly sessions: Set<Session>
  /** Sockets that have had every key; the others get all of them first. */
  readonly informed: WeakSet<SessionSocket>
  partial: PartialMessage | undefined
  openInterest: number | undefined
}

/** One instrument somebody subscribed to, and who, by message code. */
export interface Watch {
  /** `1:26000` */
  readonly key: string
  readonly market: InstrumentMarket
  readonly underlying: UnderlyingFigures | undefined
  readonly audiences: Map<MessageCode, Audience>
}

export function newAudience(to: string): Audience {
  return { to, sessions: new Set(), informed: new WeakSet(), partial: undefined, openInterest: undefined }
}
