/** Why a row of the master did not become an instrument. */
export const REFUSAL_REASONS = [
  /** A symbol the exchange keeps for tests: NSETEST in its name, or a DUMMYSAN ISIN. */
  'test-symbol',
  /** Not a contract: a currency or commodity the derivatives refer to. */
  'underlying-reference',
  /** A currency row of BSE whose description is not that of one contract. */
  'placeholder',
  /** Names of columns instead of values. */
  'header-line',
  /** An entry of the index list that the master has as a row. */
  'index-listed-as-row',
  'unknown-segment',
  'unknown-instrument-type',
  /** The number of fields is not one that rows of this instrument type have in any known layout. */
  'wrong-field-count',
  /** No row is nearly as long: a page, or a text whose lines ran together. */
  'line-too-long',
  'not-plain-text',
  'missing-name',
  'missing-series',
  'bad-token',
  /** InstrumentID is not made of the row's own segment, expiry and token. */
  'instrument-id-mismatch',
  'bad-number',
  'lot-not-positive',
  'tick-not-positive',
  'multiplier-not-positive',
  'strike-not-positive',
  'band-upside-down',
  'missing-expiry',
  'bad-expiry',
  'unknown-option-type',
  /** The same instrument again. */
  'duplicate-key',
  /** Different instruments with one (segment, token): none of them can be trusted. */
  'conflicting-key',
] as const
export type RefusalReason = (typeof REFUSAL_REASONS)[number]

/** Reasons that say nothing against the list: such rows are expected in a sound one. */
export const EXPECTED_REFUSALS: readonly RefusalReason[] = [
  'test-symbol',
  'underlying-reference',
  'placeholder',
  'header-line',
  'index-listed-as-row',
  'duplicate-key',
]

/** True for the reason a reading function gave instead of a value. */
export function isRefusal<T extends object | number>(result: T | RefusalReason): result is RefusalReason {
  return typeof result === 'string'
}
