const FIRST_BACKOFF_MS = 1_000
/** Longest wait between two logins that failed, and the wait after the broker said "too many". */
export const LONGEST_BACKOFF_MS = 60_000
/** Nothing is done about a token sooner than this after it was obtained, whatever its expiry says: a wrong clock must not make a login storm. */
const SHORTEST_LIFE_MS = 60_000
/** No XTS token lives longer than a day. */
const LONGEST_ALARM_MS = 86_400_000
const IST_OFFSET_MS = 5.5 * 3_600_000
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)$/

/** Wait after the n-th failed login in a row (from 1): 1, 2, 4 … 60 s. */
export function loginBackoffMs(failures: number): number {
  return Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures - 1, 16))
}

/**
 * When to renew a token that still lives `remainingMs`: `renewBeforeMs` before its end, or at half of what is left when
 * that is less, so that a token with a short life is not renewed over and over.
 */
export function renewalDelayMs(remainingMs: number, renewBeforeMs: number): number {
  return withinBounds(Math.max(remainingMs - renewBeforeMs, remainingMs / 2))
}

/**
 * When a token that was obtained at `obtainedAtMs` is due at one of these Indian times of day (minutes after midnight):
 * brokers reset their sessions over night, whatever a token says of its end. Never without times.
 */
export function dailyRenewalAtMs(obtainedAtMs: number, minutesOfDay: readonly number[]): number {
  const sinceMidnightMs = (obtainedAtMs + IST_OFFSET_MS) % DAY_MS
  const waits = minutesOfDay.map((minute) => {
    const waitMs = minute * MINUTE_MS - sinceMidnightMs
    return waitMs > 0 ? waitMs : waitMs + DAY_MS
  })
  return obtainedAtMs + Math.min(Number.POSITIVE_INFINITY, ...waits)
}

/** Minutes after midnight for each of `08:00,20:15`; undefined when one is no time of day. */
export function parseTimesOfDay(text: string): readonly number[] | undefined {
  const times = text.split(',').map((part) => TIME_OF_DAY.exec(part.trim()))
  const minutes = times.map((match) => (match ? Number(match[1]) * 60 + Number(match[2]) : Number.NaN))
  return minutes.some(Number.isNaN) ? undefined : minutes
}

/** A token's two ends, seen from now. `obtainedAtMs` is before now when it was taken up after a restart. */
export function lifeOf(token: {
  readonly nowMs: number
  readonly obtainedAtMs: number
  readonly expiresAtMs: number
  readonly renewBeforeMs: number
  readonly renewAtMinutes: readonly number[]
}): { readonly renewAtMs: number; readonly endAtMs: number } {
  const { nowMs, obtainedAtMs, expiresAtMs, renewBeforeMs, renewAtMinutes } = token
  const dailyMs = dailyRenewalAtMs(obtainedAtMs, renewAtMinutes) - nowMs
  const beforeEndMs = renewalDelayMs(expiresAtMs - nowMs, renewBeforeMs)
  return {
    renewAtMs: nowMs + Math.min(beforeEndMs, withinBounds(dailyMs)),
    endAtMs: Math.max(expiresAtMs, nowMs + SHORTEST_LIFE_MS),
  }
}

function withinBounds(delayMs: number): number {
  return Math.min(LONGEST_ALARM_MS, Math.max(SHORTEST_LIFE_MS, delayMs))
}

/**
 * The broker counts calls only after it has checked the token, so a rate limit proves the token good and is never a
 * reason to log in. Source: xts-protocol 1.11 and `e-apirl-0004`, "Max limit", "Rate limit exceeded for user".
 */
export function isRateLimit(text: string): boolean {
  return /e-apirl-|max(imum)? limit|rate limit|too many requests|\bHTTP 429\b/i.test(text)
}
