import { SEGMENTS, type Segment } from '@xts-bridge/contracts'

/** What the broker calls an instrument by. */
export interface InstrumentRef {
  readonly segment: Segment
  readonly token: number
}

/** (segment, token) as one number, because a map of numbers is looked up without building a string per tick. */
export function instrumentKey({ segment, token }: InstrumentRef): number {
  return SEGMENTS[segment] * 2 ** 32 + token
}
