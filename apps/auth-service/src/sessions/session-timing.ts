const FIRST_BACKOFF_MS = 1_000
/** Longest wait between two logins that failed, and the wait after the broker said "too many". */
export const LONGEST_BACKOFF_MS = 60_000
/** Nothing is done about a token sooner than this after it was obtained, whatever its expiry says: a wrong clock must not make a login storm. */
const SHORTEST_LIFE_MS = 60_000
/** Timers beyond 24 days ring at once, and no XTS token lives longer than a day. */
const LONGEST_ALARM_MS = 86_400_000

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

/** When to stop believing a token that says it lives `remainingMs`. */
export function expiryDelayMs(remainingMs: number): number {
  return withinBounds(remainingMs)
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
