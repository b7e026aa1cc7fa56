import { BUS_ENDPOINTS, HTTP_PORTS, LIST_GATES, type ListGate } from '@xts-bridge/contracts'
import { commonSettings, setting } from '@xts-bridge/runtime'
import { brokerSettings } from '@xts-bridge/xts'
import { z } from 'zod'
import type { GateLimits } from './check-segment'
import { parseTimesOfDay } from './indian-time'
import { parseMandatorySymbols } from './mandatory-symbols'

const MANDATORY = [
  ...['NSE_INDEX:NIFTY', 'NSE_INDEX:BANKNIFTY', 'BSE_INDEX:SENSEX'],
  ...['NSE:RELIANCE', 'NSE:HDFCBANK', 'NSE:ICICIBANK', 'NSE:INFY', 'NSE:TCS', 'NSE:SBIN'],
  ...['BSE:RELIANCE', 'BSE:HDFCBANK', 'NFO:NIFTY*FUT', 'NFO:BANKNIFTY*FUT', 'BFO:SENSEX*FUT'],
].join(',')

/** A setting that is a list in one text. */
const textList = <T>(parse: (text: string) => readonly T[] | undefined, fallback: string, message: string) =>
  z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const values = parse(text)
      if (values === undefined) context.addIssue({ code: 'custom', message })
      return values ?? []
    })

/** Settings of master-contract. */
export const instrumentsSettings = commonSettings.extend({
  ...brokerSettings.shape,
  /** When the list is replaced each day, Indian time. */
  INSTRUMENTS_REFRESH_TIMES_IST: textList(
    parseTimesOfDay,
    '06:30,08:30',
    'must be times such as 06:30,08:30',
  ),
  /** After a refused list, the first attempt; each further one waits twice as long, up to the most. */
  INSTRUMENTS_RETRY_FIRST_MS: setting.wholeNumber({ min: 10, max: 3_600_000, fallback: 500 }),
  INSTRUMENTS_RETRY_MOST_MS: setting.wholeNumber({ min: 10, max: 3_600_000, fallback: 300_000 }),
  /** How long earlier versions of the list can be asked for; the one before is always kept. */
  INSTRUMENTS_KEEP_DAYS: setting.wholeNumber({ min: 0, max: 3_650, fallback: 7 }),
  /** Instruments a segment may lose against the last good list (expired contracts do not count), and gain. */
  INSTRUMENTS_MOST_LOST_PERCENT: setting.wholeNumber({ min: 0, max: 100, fallback: 10 }),
  INSTRUMENTS_MOST_GAINED_PERCENT: setting.wholeNumber({ min: 0, max: 100_000, fallback: 50 }),
  /** Rows that may be refused; rows that a sound list has and we leave out (test symbols) do not count. */
  INSTRUMENTS_MOST_REFUSED_PERCENT: setting.wholeNumber({ min: 0, max: 100, fallback: 2 }),
  /** Contracts that may have expired before today; the exchange takes them off the next day. */
  INSTRUMENTS_MOST_EXPIRED_PERCENT: setting.wholeNumber({ min: 0, max: 100, fallback: 2 }),
  /** Symbols without which a segment is not taken; `NFO:NIFTY*FUT` is a future that expires soon; `none` for none. */
  INSTRUMENTS_MANDATORY: textList(
    parseMandatorySymbols,
    MANDATORY,
    'must be symbols such as NSE:RELIANCE,NFO:NIFTY*FUT, or none',
  ),
  /** Gates that are not asked, for an emergency: `date,row-count`. */
  INSTRUMENTS_SKIPPED_GATES: textList(parseGates, '', `must be names out of ${LIST_GATES.join(', ')}`),
  INSTRUMENTS_HEALTH_PORT: setting.port(HTTP_PORTS.INSTRUMENTS_HEALTH_PORT),
  INSTRUMENTS_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.INSTRUMENTS_REQUESTS_ENDPOINT),
  INSTRUMENTS_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.INSTRUMENTS_EVENTS_ENDPOINT),
  AUTH_REQUESTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.AUTH_REQUESTS_ENDPOINT),
  AUTH_EVENTS_ENDPOINT: setting.endpoint(BUS_ENDPOINTS.AUTH_EVENTS_ENDPOINT),
})
export type InstrumentsSettings = z.infer<typeof instrumentsSettings>

/** What a list must pass, as the settings have it. */
export function gateLimits(settings: InstrumentsSettings): GateLimits {
  return {
    mostLostPercent: settings.INSTRUMENTS_MOST_LOST_PERCENT,
    mostGainedPercent: settings.INSTRUMENTS_MOST_GAINED_PERCENT,
    mostRefusedPercent: settings.INSTRUMENTS_MOST_REFUSED_PERCENT,
    mostExpiredPercent: settings.INSTRUMENTS_MOST_EXPIRED_PERCENT,
    mandatory: settings.INSTRUMENTS_MANDATORY,
    skipped: settings.INSTRUMENTS_SKIPPED_GATES,
  }
}

function parseGates(text: string): readonly ListGate[] | undefined {
  const names = text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]))
  const gates = names.filter((name): name is ListGate => (LIST_GATES as readonly string[]).includes(name))
  return gates.length === names.length ? gates : undefined
}
