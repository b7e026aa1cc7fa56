const IST_OFFSET_MS = 19_800_000
/** 1980-01-01 00:00 as 1970 seconds: the zero of the NSE segments' tick times. */
const NSE_EPOCH_SECONDS = 315_532_800

/** The texts of the last second that was asked for: most messages are about now. */
let lastSecond = Number.NaN
let lastIso = ''
let lastRestTime = ''

function lookAt(atMs: number): void {
  const second = Math.floor(atMs / 1000)
  if (second === lastSecond) return
  lastSecond = second
  lastIso = new Date(second * 1000 + IST_OFFSET_MS).toISOString().slice(0, 19)
  lastRestTime = `${lastIso.slice(8, 10)}-${lastIso.slice(5, 7)}-${lastIso.slice(0, 4)} ${lastIso.slice(11)}`
}

/** `2026-11-20T10:00:15`, whatever the fraction. */
function wallClock(atMs: number): string {
  lookAt(atMs)
  return lastIso
}

/** `2026-11-20`, the Indian date. */
export function indianDate(atMs: number): string {
  return wallClock(atMs).slice(0, 10)
}

/** `20-11-2026 10:00:15`, as REST rows and the ...API fields write it. */
export function restTime(atMs: number): string {
  lookAt(atMs)
  return lastRestTime
}

/** `2026-11-20T10:00:15.2371621`: 7 fraction digits, no zone. The broker's clock is finer than ours; `fineDigits` stands in. */
export function socketTime(atMs: number, fineDigits: number): string {
  const milliseconds = String(Math.floor(atMs) % 1000).padStart(3, '0')
  return `${wallClock(atMs)}.${milliseconds}${String(fineDigits % 10_000).padStart(4, '0')}`
}

/** `2026-11-20T10:00:15`. */
export function socketSeconds(atMs: number): string {
  return wallClock(atMs)
}

/** Seconds as ticks count them: NSE segments from 1980-01-01, others from 1970-01-01, both on the Indian wall clock. */
export function tickSeconds(atMs: number, segmentNumber: number): number {
  const wallSeconds = Math.floor((atMs + IST_OFFSET_MS) / 1000)
  return segmentNumber <= 3 ? wallSeconds - NSE_EPOCH_SECONDS : wallSeconds
}

/** Milliseconds since midnight in India. */
export function msOfIndianDay(atMs: number): number {
  return (atMs + IST_OFFSET_MS) % 86_400_000
}

export const NO_DATE_REST = '01-01-1980 00:00:00'
export const NO_DATE_SOCKET = '1980-01-01T00:00:00'
