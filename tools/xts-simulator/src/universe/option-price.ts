/** The value of a European option without interest: enough to seed a believable market. Prices in rupees. */
export function optionPrice(o: {
  readonly spot: number
  readonly strike: number
  readonly isCall: boolean
  readonly yearsToExpiry: number
  readonly volatility: number
}): number {
  const spread = o.volatility * Math.sqrt(Math.max(o.yearsToExpiry, 1 / 3650))
  const d1 = Math.log(o.spot / o.strike) / spread + spread / 2
  const call = o.spot * normalCdf(d1) - o.strike * normalCdf(d1 - spread)
  return Math.max(0, o.isCall ? call : call - o.spot + o.strike)
}

/** Abramowitz and Stegun 26.2.17; the error is below 1e-7. */
function normalCdf(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const tail =
    Math.exp((-x * x) / 2) *
    0.3989422804 *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return x >= 0 ? 1 - tail : tail
}

const YEAR_MS = 365 * 86_400_000

/** Years from one date to the end of another, both as `2026-11-24`. */
export function yearsBetween(today: string, expiryDate: string): number {
  return Math.max(0, (Date.parse(expiryDate) + 43_200_000 - Date.parse(today)) / YEAR_MS)
}

/** A year's movement: index options move less than stock options, currencies less than both. */
export const VOLATILITY = { index: 0.13, stock: 0.28, currency: 0.05, commodity: 0.25 } as const
