/** Prices have up to four decimals. */
const UNITS_PER_RUPEE = 10_000
/** Codes below are prices in ten-thousandths of a rupee: up to 214,748.3647. */
const FIRST_POSITION = 0x8000_0000
const NO_PRICE = 0xffff_ffff

/** A price as 32 bits; one that does not fit, which is rare, as a position that `positionOf` gives it among the numbers. */
export function encodePrice(price: number | undefined, positionOf: (price: number) => number): number {
  if (price === undefined || Number.isNaN(price)) return NO_PRICE
  const units = Math.round(price * UNITS_PER_RUPEE)
  const isPositive = price > 0 || Object.is(price, 0)
  const fits = isPositive && units < FIRST_POSITION && units / UNITS_PER_RUPEE === price
  return fits ? units : FIRST_POSITION + positionOf(price)
}

/** The price a code stands for; undefined for none. */
export function decodePrice(code: number, numbers: Float64Array): number | undefined {
  if (code < FIRST_POSITION) return code / UNITS_PER_RUPEE
  return code === NO_PRICE ? undefined : numbers[code - FIRST_POSITION]
}
