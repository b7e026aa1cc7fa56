import { z } from 'zod'
import { SESSION_PROFILES, type SessionProfile } from './session-profile'

/** A time of the day in India. */
export const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time like 15:15')

/** How the exchange keeps its day. */
export const exchangeChoiceShape = {
  sessionProfile: z.enum(SESSION_PROFILES).default('always-open'),
  /** `15:15` in India, for all segments, instead of the profile's own times; only in a profile that closes. */
  misSquareOffAt: timeOfDay.optional(),
}

/** The two settings, as they are read. */
export interface ExchangeChoices {
  readonly sessionProfile: SessionProfile
  readonly misSquareOffAt?: string | undefined
}
