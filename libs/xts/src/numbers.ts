/** `2,853.50`, `8206.25`, `-75`, `1.5e3`; commas only between digits. */
const AMOUNT = /^[+-]?(\d{1,3}(,\d{2,3})+|\d+)?(\.\d*)?(e[+-]?\d+)?$/i

/**
 * A number as the broker writes it: a JSON number, or text with thousands commas. Undefined when there is none (missing,
 * empty, or the word NaN, which stands for an average without trades). Source: MAPPING.md, "numbers".
 */
export function parseAmount(value: unknown): number | undefined | 'unreadable' {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number') return Number.isFinite(value) ? value : 'unreadable'
  if (typeof value !== 'string') return 'unreadable'
  if (isPlainNumber(value)) return Number(value)
  const text = value.trim()
  if (text === '' || text === 'NaN') return undefined
  if (!AMOUNT.test(text) || !/\d/.test(text)) return 'unreadable'
  const amount = Number(text.replaceAll(',', ''))
  return Number.isFinite(amount) ? amount : 'unreadable'
}

/** Digits with at most one point among them and perhaps a minus before: what nearly every number of a tick is. */
function isPlainNumber(text: string): boolean {
  let points = 0
  const start = text.charCodeAt(0) === MINUS ? 1 : 0
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === POINT && at > start) points += 1
    else if (code < ZERO || code > NINE) return false
  }
  return points <= 1 && text.length > start && text.charCodeAt(text.length - 1) !== POINT
}

const [MINUS, POINT, ZERO, NINE] = [45, 46, 48, 57]
const PRICE_DECIMALS = 4

/** Rupees to four decimals, the most any exchange quotes; takes the floating dust off a computed price. */
export function roundPrice(rupees: number): number {
  const scale = 10 ** PRICE_DECIMALS
  return Math.round(rupees * scale) / scale
}
