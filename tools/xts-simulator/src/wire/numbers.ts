const MONEY = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })

/** `2,853.50`: positions and average prices are strings with thousands commas. */
export function money(rupees: number): string {
  const text = MONEY.format(rupees)
  return text === '-0.00' ? '0.00' : text
}

/** Rupees without float dust, at most four decimals. */
export function rupees(price: number): number {
  return Math.round(price * 10_000) / 10_000
}
