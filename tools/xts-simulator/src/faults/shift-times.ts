const REST_TIME = /\b(\d\d)-(\d\d)-(\d{4}) (\d\d):(\d\d):(\d\d)\b/g
const SOCKET_TIME = /\b(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)/g
/** Fields that count seconds, whatever year they count from. */
const SECONDS = /("(?:ExchangeTimeStamp|LastTradedTime|LastUpdateTime|BarTime)\\?":)(\d+)/g
const PARTIAL_SECONDS = /\b(ltt|lut):(\d+)/g

/** Every time in a payload moved by so much. A date of 1980 means "none" to the broker and stays. */
export function shiftTimes(payload: unknown, byMs: number): unknown {
  if (Buffer.isBuffer(payload)) return payload
  if (typeof payload === 'string') return shiftText(payload, byMs)
  return JSON.parse(shiftText(JSON.stringify(payload ?? null), byMs)) as unknown
}

function shiftText(text: string, byMs: number): string {
  const bySeconds = Math.round(byMs / 1000)
  return text
    .replace(REST_TIME, (found: string, ...parts: string[]) => shiftRestTime(found, parts, byMs))
    .replace(SOCKET_TIME, (found: string) => (isNone(found) ? found : shiftSocketTime(found, byMs)))
    .replace(SECONDS, (_, key: string, seconds: string) => `${key}${Number(seconds) + bySeconds}`)
    .replace(PARTIAL_SECONDS, (_, key: string, seconds: string) => `${key}:${Number(seconds) + bySeconds}`)
}

const isNone = (text: string): boolean => text.startsWith('1980-')

function shiftSocketTime(found: string, byMs: number): string {
  return new Date(Date.parse(`${found}Z`) + byMs).toISOString().slice(0, 19)
}

function shiftRestTime(found: string, parts: readonly string[], byMs: number): string {
  const [day, month, year, hour, minute, second] = parts
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  if (isNone(iso)) return found
  const [date = '', time = ''] = shiftSocketTime(iso, byMs).split('T')
  return `${date.split('-').reverse().join('-')} ${time}`
}
