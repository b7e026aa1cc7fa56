import { inflateRawSync } from 'node:zlib'
import {
  decodeBinaryPacket,
  decodeJsonFull,
  decodePartial,
  mergeUpdate,
  readBinaryPackets,
  type MarketUpdate,
} from '@xts-bridge/xts'
import { marketMessage, type MarketMessage } from './market-messages'
import type { BenchResult } from './result'

const INSTRUMENTS = 500
const MESSAGES = 20_000
const ROUNDS = 9
const CLOCK = { otherSegmentsClock: 'ist' } as const

type Decode = (message: MarketMessage) => MarketUpdate | undefined

const decodeFrame = (frame: Buffer): MarketUpdate | undefined => {
  let last: MarketUpdate | undefined
  for (const packet of readBinaryPackets(frame)) last = decodeBinaryPacket(packet, CLOCK)
  return last
}

const parse = ({ json }: MarketMessage): unknown => JSON.parse(json) as unknown

/** Each form, and the least that anybody who reads it must do. */
const FORMS: Readonly<
  Record<string, { readonly ours: Decode; readonly limit: (m: MarketMessage) => unknown }>
> = {
  'JSON full': { ours: ({ json }) => decodeJsonFull(json, CLOCK), limit: parse },
  'JSON partial': {
    ours: ({ code, partial }) => decodePartial(code, partial, CLOCK),
    limit: parse,
  },
  'binary plain': { ours: ({ plain }) => decodeFrame(plain), limit: parse },
  'binary deflated': {
    ours: ({ deflated }) => decodeFrame(deflated),
    limit: ({ deflated }) => inflateRawSync(deflated.subarray(17)),
  },
}

/**
 * What it costs to make an update out of a message and to merge it into the last value of its instrument, for each form,
 * against `JSON.parse` of the same message as JSON text; for deflated packets against inflating alone.
 */
export function decoding(): readonly BenchResult[] {
  return ([1501, 1502] as const).map((code) => {
    const messages = Array.from({ length: MESSAGES }, (_, index) =>
      marketMessage(code, 40_000 + (index % INSTRUMENTS), index),
    )
    const figures: Record<string, number> = {}
    const ratios: Record<string, { value: number }> = {}
    for (const [form, { ours, limit }] of Object.entries(FORMS)) {
      const pair = inTurns(messages, ours, limit)
      figures[`${form}, decode and merge`] = pair.oursNs
      figures[form === 'binary deflated' ? `${form}, inflate alone` : `${form}, JSON.parse alone`] =
        pair.limitNs
      ratios[`${form} against its limit`] = { value: pair.oursNs / pair.limitNs }
    }
    return {
      name: `Decoding ${code === 1501 ? 'a touchline (1501)' : 'five levels (1502)'}`,
      unit: 'ns',
      figures,
      ratios,
    }
  })
}

/** Both ways over the same messages, one round each in turns; the fastest round of each counts. */
function inTurns(
  messages: readonly MarketMessage[],
  ours: Decode,
  limit: (message: MarketMessage) => unknown,
): { readonly oursNs: number; readonly limitNs: number } {
  const values = new Map<number, MarketUpdate>()
  const oursNs: number[] = []
  const limitNs: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    oursNs.push(
      nsPerMessage(messages, (message) => {
        const update = ours(message)
        if (update === undefined) throw new Error('a message of the bench was not decoded')
        values.set(update.token, mergeUpdate(values.get(update.token), update))
      }),
    )
    limitNs.push(nsPerMessage(messages, limit))
  }
  return { oursNs: Math.min(...oursNs), limitNs: Math.min(...limitNs) }
}

function nsPerMessage(messages: readonly MarketMessage[], take: (message: MarketMessage) => unknown): number {
  const startedAt = process.hrtime.bigint()
  for (const message of messages) take(message)
  return Number(process.hrtime.bigint() - startedAt) / messages.length
}
