import { z } from 'zod'

/**
 * Where the broker's documents disagree: one setting each, and the default is what the gateways of 2026 do. The README
 * says where each reading comes from.
 */
export const choiceShape = {
  /** `documented`: ten orders a second in one budget, one read a second each; `jainam`: the limits of Jainam's own sheet. */
  rateLimits: z.enum(['off', 'documented', 'jainam']).default('off'),
  rateLimitShape: z.enum(['err-data', 'data', 'plain']).default('err-data'),
  rateLimitStatus: z.literal([429, 400, 200]).default(429),
  /** Logins a key may make in a minute; 0 is no limit. */
  loginsPerMinute: z.int().min(0).default(0),
  tokenErrorStatus: z.literal([400, 200, 401]).default(400),
  /** What happens to the sockets of a session that a new login ended: they are closed, or stay and hear nothing. */
  endedSockets: z.enum(['dropped', 'mute']).default('dropped'),
  /** What becomes of an interactive socket that does not name its apiType: nothing, or it is cut after ten seconds. */
  missingApiType: z.enum(['ignored', 'cut']).default('ignored'),
  /** False: the login is refused because the caller's address is not on the list. */
  isTrustedIp: z.boolean().default(true),
  loginReply: z.enum(['object', 'array']).default('object'),
  hostLookupType: z.enum(['boolean', 'text']).default('boolean'),
  /** Where the host lookup sends to: `/7hostlookup`, `/7interactive`, or a bare host and port. */
  hostLookupAddress: z.enum(['hostlookup', 'interactive', 'bare']).default('hostlookup'),
  /** What the browser login hands back: an accessToken, the same encoded twice, or the session itself. */
  thirdPartySession: z.enum(['access-token', 'access-token-twice', 'token']).default('access-token'),
  /** An empty order book, trade book or position list: an error, or a success with nothing in it. */
  emptyBooks: z.enum(['error', 'list']).default('error'),
  emptyHoldings: z.enum(['map', 'error']).default('map'),
  /** A book of a client that is not mapped: an error, or the answer of an empty book. */
  unmappedClient: z.enum(['error', 'empty']).default('error'),
  /** A book without clientID at a login that must send one: a field error, or the answer of an empty book. */
  missingClient: z.enum(['error', 'empty']).default('error'),
  /** Whose code the balance of a dealer is asked with. */
  dealerBalance: z.enum(['either', 'login', 'client']).default('either'),
  orderRows: z.enum(['2026', '2020']).default('2026'),
  /** `newer` adds LoginID and the Actual... fields, `2020` has neither them nor StatisticsLevel. */
  positionRows: z.enum(['2026', 'newer', '2020']).default('2026'),
  positionList: z.enum(['positionList', 'PositionList', 'array']).default('positionList'),
  /** `number`: instrument ids, prices and amounts are numbers, quantities stay texts. */
  positionFigures: z.enum(['text', 'number']).default('text'),
  /** The average of a side that never traded. */
  untradedAverage: z.enum(['zero', 'NaN']).default('zero'),
  positionMtm: z.enum(['zero', 'computed']).default('zero'),
  /** `captured` has numbers and NaN among its texts, as one gateway answered. */
  balanceFigures: z.enum(['fixed', 'commas', 'captured', 'number']).default('fixed'),
  /** `with-mtf` puts limits of another header before those of ALL|ALL|ALL. */
  balanceList: z.enum(['single', 'with-mtf']).default('single'),
  holdingsShape: z.enum(['map', 'list']).default('map'),
  convertResult: z.enum(['object', 'none']).default('object'),
  coverIds: z.enum(['number', 'text']).default('number'),
  cancelResult: z.enum(['object', 'array']).default('object'),
  /** After a placement its history answers e-orders-0001 for so long. */
  historyDelayMs: z.int().min(0).max(60_000).default(0),
}

const choices = z.object(choiceShape)

/** How this broker reads its own documents. */
export type Choices = z.output<typeof choices>

/** The choices among all settings. */
export function choicesOf(settings: Choices): Choices {
  return choices.parse(settings)
}

/** The choices of a broker that was told nothing, but for these. */
export function choicesWith(changes: Partial<Choices> = {}): Choices {
  return { ...choices.parse({}), ...changes }
}
