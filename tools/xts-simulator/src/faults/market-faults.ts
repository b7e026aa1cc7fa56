import { deflateRawSync } from 'node:zlib'
import type { DepthRow } from '../matching/order-book'
import type { Broker } from '../rest/broker'
import type { MarketFigures } from '../wire/market-figures'
import type { ArmedFault, FaultDefinition, Reply, SocketMessage, WireSocket } from './fault-kinds'
import { numberIn, payloadText } from './fault-kinds'
import { fieldsOf, withFields } from './order-event-faults'
import { asFields, isAccepted, refusedReply, resultOf, withResult } from './reply-parts'

const TICKS = /^\d{4}-json-(full|partial)$|^xts-binary-packet$/
const PACKET = 'xts-binary-packet'
const FULL_TICKS = /^\d{4}-json-full$|^xts-binary-packet$/

const tick = { group: 'market data', proof: 'market-faults', count: 'always', events: TICKS } as const
const call = { group: 'market data', proof: 'market-faults', count: 'always' } as const

/** What can happen to quotes, subscriptions and ticks. */
export const MARKET_FAULTS = {
  'quotes-empty': {
    ...call,
    calls: ['quotes', 'subscribe'],
    means: 'listQuotes is empty although the instruments are known',
    appliesTo: (reply) => Array.isArray(asFields(resultOf(reply))['listQuotes']),
    at: { rewrite: (reply) => withQuotes(reply, () => []) },
  },
  'null-prices': {
    ...call,
    calls: ['quotes', 'subscribe'],
    events: FULL_TICKS,
    means: 'prices are null, in quotes and in full ticks; in binary packets they are no numbers',
    appliesTo: (reply) => Array.isArray(asFields(resultOf(reply))['listQuotes']),
    appliesToMessage: isText,
    at: {
      rewrite: (reply) => withQuotes(reply, (quotes) => quotes.map(nullPrices)),
      packet: withoutPrices,
      eventRewrite: (message) => ({ ...message, payload: nullPrices(payloadText(message)) }),
    },
  },
  'already-subscribed': {
    ...call,
    count: 1,
    calls: ['subscribe'],
    means: 'a subscription is refused as already there, though it is not: e-session-0002 for the whole batch',
    at: {
      request: ({ broker, session }) => {
        const remaining = broker.subscriptionLimit - (session?.subscriptions.size ?? 0)
        const refused = refusedReply('e-session-0002', 'Instrument Already Subscribed !')
        return withResult(refused, { Remaining_Subscription_Count: remaining })
      },
    },
  },
  'subscription-limit': {
    ...call,
    calls: ['subscribe'],
    means: 'a subscription is refused because of the limit, though there is room: e-session-0004',
    at: { request: () => refusedReply('e-session-0004', 'Subscription limit exceeded') },
  },
  'subscribed-but-silent': {
    ...tick,
    calls: ['subscribe'],
    means: 'subscriptions are taken and nothing comes for them, no snapshot and no tick',
    appliesTo: isAccepted,
    at: {
      rewrite: (reply) => withQuotes(reply, () => []),
      eventRoute: () => [],
    },
  },
  'duplicate-tick': {
    ...tick,
    means: 'each tick comes twice',
    at: { eventRoute: (message) => [message, message] },
  },
  'partial-without-full': {
    ...tick,
    events: /^(1501|1502|1512)-json-partial$/,
    means: 'partial ticks carry the last trade only; there never was one with all keys',
    at: { eventRewrite: (message) => ({ ...message, payload: lastTradeOnly(payloadText(message)) }) },
  },
  'sequence-jumps': {
    ...tick,
    events: FULL_TICKS,
    means: 'SequenceNumber leaves a gap from each tick to the next',
    parameters: { by: { value: 1_000_000, means: 'the gap' } },
    appliesToMessage: (message) => isText(message) && 'SequenceNumber' in fieldsOf(message),
    at: {
      packet: (figures, fault) => ({
        ...figures,
        sequence: figures.sequence + numberIn(fault, 'by') * fault.happened,
      }),
      eventRewrite: (message, _, fault) =>
        withFields(message, {
          SequenceNumber:
            Number(fieldsOf(message)['SequenceNumber']) + numberIn(fault, 'by') * fault.happened,
        }),
    },
  },
  'volume-backwards': {
    ...tick,
    events: /^150[12]-json-(full|partial)$|^xts-binary-packet$/,
    packetCodes: [1501, 1502],
    means: 'the traded volume of the day becomes smaller from tick to tick',
    parameters: { by: { value: 100_000, means: 'by how much' } },
    appliesToMessage: isText,
    at: {
      packet: (figures, fault) => ({
        ...figures,
        volume: Math.max(0, figures.volume - numberIn(fault, 'by') * fault.happened),
      }),
      eventRewrite: volumeBackwards,
    },
  },
  'property-flood': {
    ...tick,
    means: 'each tick is followed by messages of code 1105 about nothing',
    parameters: { messages: { value: 20, means: 'how many' } },
    at: {
      eventRoute: (message, _, fault) => [
        message,
        ...Array.from({ length: numberIn(fault, 'messages') }, () => ({
          ...message,
          event: '1105-json-partial',
          payload: 't:0_0',
        })),
      ],
    },
  },
  'unknown-message-code': {
    ...tick,
    means: 'each tick is followed by a message of a code no document has',
    parameters: { code: { value: 1599, means: 'the code' } },
    at: {
      eventRoute: (message, _, fault) => {
        const code = numberIn(fault, 'code')
        const payload = JSON.stringify({ MessageCode: code, MessageVersion: 4, Value: 'unknown' })
        return [message, { ...message, event: `${code}-json-full`, payload }]
      },
    },
  },
  'binary-garbage': {
    ...tick,
    means: 'each tick is followed by a binary frame without sense',
    parameters: { bytes: { value: 64, means: 'its length' } },
    at: { eventRoute: garbageAfter },
  },
  'truncated-deflate': {
    ...tick,
    means: 'each tick is followed by a binary packet whose compressed part breaks off',
    at: { eventRoute: (message) => [message, { ...message, event: PACKET, payload: truncatedPacket() }] },
  },
} satisfies Record<string, FaultDefinition>

function withQuotes(reply: Reply, change: (quotes: readonly string[]) => readonly string[]): Reply {
  const result = asFields(resultOf(reply))
  const quotes = result['listQuotes']
  if (!Array.isArray(quotes)) return reply
  return withResult(reply, { ...result, listQuotes: change(quotes.map(String)) })
}

const PRICE =
  /"(LastTradedPrice|AverageTradedPrice|Open|High|Low|Close|Price|OpenInterest|IndexValue)":-?[\d.]+/g

const nullPrices = (text: string): string => text.replace(PRICE, '"$1":null')

/** Packets are spoilt before they are written, not on their way. */
function isText({ payload }: SocketMessage): boolean {
  return typeof payload === 'string'
}

/** What is null in JSON is no number here; open interest has no such value and is 0. */
function withoutPrices(figures: MarketFigures): MarketFigures {
  const withoutPrice = (rows: readonly DepthRow[]): DepthRow[] =>
    rows.map((row) => ({ ...row, price: Number.NaN }))
  return {
    ...figures,
    bids: withoutPrice(figures.bids),
    asks: withoutPrice(figures.asks),
    ...{ lastPrice: Number.NaN, averagePrice: Number.NaN, open: Number.NaN, high: Number.NaN },
    ...{ low: Number.NaN, close: Number.NaN, openInterest: 0 },
  }
}

function lastTradeOnly(text: string): string {
  return text
    .split(',')
    .filter((pair) => /^(t|ltp|ltq|lut):/.test(pair))
    .join(',')
}

function volumeBackwards(message: SocketMessage, _: WireSocket, fault: ArmedFault): SocketMessage {
  const by = numberIn(fault, 'by') * fault.happened
  const less = (_found: string, key: string, volume: string): string =>
    `${key}${Math.max(0, Number(volume) - by)}`
  const text = payloadText(message)
    .replace(/("TotalTradedQuantity":)(\d+)/g, less)
    .replace(/(\bv:)(\d+)/g, less)
  return { ...message, payload: text }
}

function garbageAfter(
  message: SocketMessage,
  _: WireSocket,
  fault: ArmedFault,
  broker: Broker,
): readonly SocketMessage[] {
  return [message, { ...message, event: PACKET, payload: broker.ids.bytes(numberIn(fault, 'bytes')) }]
}

/** A sound head of a touchline (64-bit layout, 204 bytes), and half of what it announces. */
function truncatedPacket(): Buffer {
  const compressed = deflateRawSync(Buffer.from(Array.from({ length: 204 }, (_, at) => (at * 37) % 251)))
  const head = Buffer.alloc(17)
  head.writeInt8(1, 0)
  head.writeUInt16LE(1501, 1)
  head.writeInt16LE(1, 3)
  head.writeInt32LE(2885, 5)
  head.writeInt16LE(1, 9)
  head.writeInt16LE(1, 11)
  head.writeUInt16LE(204, 13)
  head.writeUInt16LE(compressed.length, 15)
  return Buffer.concat([head, compressed.subarray(0, Math.floor(compressed.length / 2))])
}
