import { expectItStandsFuzz } from '../support/fuzz/fuzz-check'

const SECONDS = 60
const MORE_THAN_ENOUGH_MS = 300_000

it(
  'stands bad input for a minute: its own errors, no crash, no leak',
  () => expectItStandsFuzz(SECONDS, { waitsForTimers: true }),
  MORE_THAN_ENOUGH_MS,
)
