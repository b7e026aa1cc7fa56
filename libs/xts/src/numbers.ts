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
  const text = value.trim()
  if (text === '' || text === 'NaN') return undefined
  if (!AMOUNT.test(text) || !/\d/.test(text)) return 'unreadable'
  const amount = Number(text.replaceAll(',', ''))
  return Number.isFinite(amount) ? amount : 'unreadable'
}

const PRICE_DECIMALS = 4

/** Rupees to four decimals, the most any exchange quotes; takes the floating dust off a computed price. */
export function roundPrice(rupees: number): number {
  const scale = 10 ** PRICE_DECIMALS
  return Math.round(rupees * scale) / scale
}
