import { z } from 'zod'
import { SEGMENT_NAMES, type SegmentName } from './universe/segments'

/** From the environment a switch comes as text. */
const onOff = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])

/**
 * Where the documents of market data disagree, or a gateway may be built either way: one setting each. The README says
 * where each reading comes from.
 */
export const marketChoiceShape = {
  /** Segments that list anything; the master of any other is an empty text, and its instruments are not known. */
  segments: z
    .array(z.enum(SEGMENT_NAMES as [SegmentName, ...SegmentName[]]))
    .min(1)
    .default(SEGMENT_NAMES),
  /** Columns of the master: `2026` has 22/23/21, `2022` 14/19/17, `2019` numeric segments, no multiplier and `undefined` cells. */
  masterLayout: z.enum(['2026', '2022', '2019']).default('2026'),
  /** True: the NSE indices are rows of type 16 in the NSECM master too, as some gateways have them. */
  isIndexInMaster: onOff.default(false),
  /** Where touchline fields of a 1501 stand: at the top in quotes and nested on sockets, or one way in both. */
  touchlineShape: z.enum(['by-place', 'flat', 'nested']).default('by-place'),
  /** `recent` adds the underlying's figures to 1510, and percent change and close to 1512. */
  feedFields: z.enum(['captured', 'recent']).default('captured'),
  /** Keys of a partial message: all of them each time, or after the first only those whose value changed. */
  partialKeys: z.enum(['all', 'changed']).default('all'),
  /** What a socket of the binary prefix hears that asked for JSON: JSON, binary packets, or both. */
  jsonOnBinaryDoor: z.enum(['json', 'binary', 'both']).default('json'),
  /** Field widths of binary packets: sizes in 64 bits as Jainam sends them, or in 32 as the older libraries read them. */
  binaryGeneration: z.enum(['wide', 'classic']).default('wide'),
  isBinaryCompressed: onOff.default(true),
  /** Packets that go into one frame at most, when several are ready at the same moment. */
  binaryPacketsPerFrame: z.coerce.number().int().min(1).max(1000).default(16),
  /** Messages a second to every market-data socket that nobody asked for: 1105 heartbeats and price bands. */
  noisePerSecond: z.coerce.number().min(0).max(1000).default(1.5),
  /** Tick times of segments other than NSE's: seconds of the Indian wall clock, or of UTC. */
  otherTickTime: z.enum(['ist', 'utc']).default('ist'),
  /** Instruments in one call of quotes or subscription. */
  instrumentsPerCall: z.coerce.number().int().min(1).max(10_000).default(100),
  /** What the answer to a subscription has beside the remaining count. */
  subscriptionReply: z.enum(['snapshots', 'empty-list', 'count-only']).default('snapshots'),
  /** The result of an unsubscription: an object, or that object alone in a list. */
  unsubscriptionReply: z.enum(['object', 'array']).default('object'),
  /** A range without bars: a success with an empty text, or an error. */
  emptyHistory: z.enum(['empty-text', 'error']).default('empty-text'),
  marketLoginCode: z.enum(['e-response-0010', 's-response-0010']).default('e-response-0010'),
}

const marketChoices = z.object(marketChoiceShape)

/** How this broker reads its documents of market data. */
export type MarketChoices = z.output<typeof marketChoices>

/** The choices among all settings. */
export function marketChoicesOf(settings: MarketChoices): MarketChoices {
  return marketChoices.parse(settings)
}

/** Every choice at its default; a test changes what it is about. */
export function usualMarketChoices(changes: Partial<MarketChoices> = {}): MarketChoices {
  return { ...marketChoices.parse({}), ...changes }
}
