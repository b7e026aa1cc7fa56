import { SeededRandom } from '../seeded-random'
import { SEGMENT_NUMBERS } from '../universe/segments'
import type { Universe } from '../universe/universe'
import { executionBandPartial, HEARTBEAT_1105 } from '../wire/market-notices'

/** Most of what comes under 1105 is about nothing. */
const HEARTBEAT_SHARE = 0.7

/** The 1105 messages nobody asked for: heartbeats, and the trading ranges of instruments of the whole exchange. */
export class PropertyNoise {
  private readonly random: SeededRandom

  constructor(
    private readonly universe: Universe,
    seed: number,
  ) {
    this.random = new SeededRandom(seed ^ 0x1105)
  }

  next(): string {
    if (this.random.next() < HEARTBEAT_SHARE) return HEARTBEAT_1105
    const instrument = this.universe.at(this.random.next())
    if (!instrument || !(instrument.bandHigh > instrument.bandLow)) return HEARTBEAT_1105
    const { token, bandHigh: high, bandLow: low } = instrument
    return executionBandPartial({ segment: SEGMENT_NUMBERS[instrument.segment], token, high, low })
  }
}
