import { SEGMENTS, type ListedInstrument } from '@xts-bridge/contracts'
import { readExpiry, type ExpiryDate } from './expiry-date'

/** Texts of a row that mostly follow from its other columns. */
export const STANDARD_TEXTS = ['brokerSymbol', 'description', 'instrumentId'] as const
export type StandardText = (typeof STANDARD_TEXTS)[number]

/** What they follow from. */
export type TextSource = Pick<
  ListedInstrument,
  'symbol' | 'segment' | 'token' | 'name' | 'instrumentType' | 'expiry' | 'strike' | 'series'
>

/**
 * The forms a text commonly has. A file stores the number of the form instead of a text that has it, which takes a third
 * off its size; so neither the forms nor their order may change without another format of the file.
 */
export function standardForms(column: StandardText, source: TextSource): readonly string[] {
  const expiry = readExpiry(source.expiry)
  switch (column) {
    case 'brokerSymbol':
      return expiry === undefined ? [] : [displayName(source, expiry)]
    case 'description':
      return expiry === undefined ? [cashDescription(source)] : contractCodes(source, expiry)
    case 'instrumentId':
      return [
        instrumentId(source, undefined),
        ...(expiry === undefined ? [] : [instrumentId(source, expiry)]),
      ]
  }
}

/** `NIFTY 17FEB2026 PE 25700`, `NIFTY 27JAN2026`. */
function displayName(source: TextSource, { day, monthName, shortYear }: ExpiryDate): string {
  const contract = `${source.name} ${day}${monthName}20${shortYear}`
  return source.strike === undefined ? contract : `${contract} ${source.instrumentType} ${source.strike}`
}

/** `KEL-SM`, `RELIANCE-EQ`. */
function cashDescription({ symbol, series }: TextSource): string {
  return symbol.endsWith(`-${series}`) ? symbol : `${symbol}-${series}`
}

/** Of a month `NIFTY26FEB25700PE`, of a week `NIFTY2621725700PE`. */
function contractCodes(source: TextSource, expiry: ExpiryDate): readonly string[] {
  const { day, monthCharacter, monthName, shortYear } = expiry
  const strike = source.strike ?? ''
  const end = `${strike}${source.instrumentType}`
  return [
    `${source.name}${shortYear}${monthName}${end}`,
    `${source.name}${shortYear}${monthCharacter}${day}${end}`,
  ]
}

function instrumentId({ segment, token }: TextSource, expiry: ExpiryDate | undefined): string {
  const code = expiry === undefined ? '1001' : expiryCode(expiry)
  return `${SEGMENTS[segment]}${code}${String(token).padStart(8, '0')}`
}

function expiryCode(expiry: ExpiryDate): string {
  return expiry.shortYear.slice(-1) + String(expiry.dayOfYear).padStart(3, '0')
}
