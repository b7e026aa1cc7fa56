import type { SegmentCount } from '@xts-bridge/contracts'

/** What an index file says about itself. */
export interface ListMeta {
  /** `vYYYYMMDD-n`: the Indian date it was built on and a counter within that day. */
  readonly version: string
  /** Whose list it is: the name of the broker profile. */
  readonly broker: string
  readonly builtAtMs: number
  readonly segments: readonly SegmentCount[]
  /** Contracts by the date they expire on (`20261126`), for each segment that has any. */
  readonly expiries?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined
}
