import { expectItStandsFuzz } from '../support/fuzz/fuzz-check'

const SECONDS = 5
const MORE_THAN_ENOUGH_MS = 120_000

it(
  'answers bad input with its own errors, never dies and keeps nothing open',
  () => expectItStandsFuzz(SECONDS),
  MORE_THAN_ENOUGH_MS,
)
