import { AppError } from '@xts-bridge/contracts'

/** What must be there before an order may be entered, and the words for it when it is not. */
export interface EnterConditions {
  readonly session: boolean
  readonly journal: boolean
  readonly book: boolean
  readonly instruments: boolean
}

const WORDS: Readonly<Record<keyof EnterConditions, string>> = {
  session: 'no broker session',
  journal: 'the journal does not take orders',
  book: 'the order and trade books are not reconciled',
  instruments: 'no instrument list',
}

/** The start-up gate: the same predicate guards `order.place`, `order.smart` and /health/ready. */
export class Readiness {
  constructor(private readonly read: () => EnterConditions) {}

  conditions(): EnterConditions {
    return this.read()
  }

  /** What takes a cancellation: a session, and no more. Throws NOT_READY. */
  requireCancel(): void {
    if (!this.read().session) throw new AppError('NOT_READY', { missing: [WORDS.session] })
  }

  /** Throws NOT_READY, naming everything that is missing. */
  requireEnter(): void {
    const conditions = this.read()
    const missing = (Object.keys(WORDS) as (keyof EnterConditions)[])
      .filter((name) => !conditions[name])
      .map((name) => WORDS[name])
    if (missing.length > 0) throw new AppError('NOT_READY', { missing })
  }
}
