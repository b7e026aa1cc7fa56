import type { Instrument, TickMode } from '@xts-bridge/contracts'
import type { WantedStream } from '@xts-bridge/xts'

/** Levels a side that a topic of each mode shows; the last price needs no book. */
const LEVELS: Readonly<Record<TickMode, number | undefined>> = { LTP: undefined, QUOTE: 1, DEPTH: 5 }

/** What the broker has to be able to stream for a topic of this mode. */
export function streamOf({ segment }: Pick<Instrument, 'segment'>, mode: TickMode): WantedStream {
  return { segment, depthLevel: LEVELS[mode] }
}
