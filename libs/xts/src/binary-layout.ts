import { Unreadable } from './unreadable'

/** The two generations of the broker's binary messages: sizes and totals are 32-bit numbers, or 64-bit ones. */
export type BinaryGeneration = 'classic' | 'wide'

/** A best or deeper level: size, price (f64), orders (i32), buy-back flag (i16). */
const ROW_BYTES = { classic: 18, wide: 22 } as const
/** What follows the best levels: times, prices and totals. */
const TAIL_BYTES = { classic: 104, wide: 120 } as const
const COUNT_BYTES = 4
const GENERATIONS: readonly BinaryGeneration[] = ['wide', 'classic']
/** More levels than any depth message has. */
const MOST_LEVELS = 200

/** Where the parts of a touchline lie in a payload, in bytes from its start. */
export interface TouchlineLayout {
  readonly generation: BinaryGeneration
  readonly bestBidAt: number
  readonly bestAskAt: number
  readonly tailAt: number
}

/** Where the levels of a depth message lie; `touchline` comes after them. */
export interface DepthLayout {
  readonly touchline: TouchlineLayout
  readonly bids: { readonly at: number; readonly count: number }
  readonly asks: { readonly at: number; readonly count: number }
}

export const rowBytes = (generation: BinaryGeneration): number => ROW_BYTES[generation]

/** 1501: its generation follows from its length alone (180 or 204 bytes under a head of 40). Throws Unreadable. */
export function touchlineLayout(length: number, headBytes: number): TouchlineLayout {
  const generation = GENERATIONS.find(
    (candidate) => length === headBytes + 2 * ROW_BYTES[candidate] + TAIL_BYTES[candidate],
  )
  if (generation === undefined) throw new Unreadable(`a 1501 payload of ${length} bytes has no known layout`)
  return touchlineAt(generation, headBytes)
}

/** 1502: the counts of levels stand before each side; the generation is the one under which the length adds up. Throws Unreadable. */
export function depthLayout(payload: Buffer, headBytes: number): DepthLayout {
  for (const generation of GENERATIONS) {
    const layout = depthUnder(payload, headBytes, generation)
    if (layout !== undefined) return layout
  }
  throw new Unreadable(`a 1502 payload of ${payload.length} bytes has no known layout`)
}

function depthUnder(
  payload: Buffer,
  headBytes: number,
  generation: BinaryGeneration,
): DepthLayout | undefined {
  const row = ROW_BYTES[generation]
  const bids = countAt(payload, headBytes)
  if (bids === undefined) return undefined
  const bidsAt = headBytes + COUNT_BYTES
  const askCountAt = bidsAt + bids * row
  const asks = countAt(payload, askCountAt)
  if (asks === undefined) return undefined
  const asksAt = askCountAt + COUNT_BYTES
  const touchline = touchlineAt(generation, asksAt + asks * row)
  if (payload.length !== touchline.tailAt + TAIL_BYTES[generation]) return undefined
  return { touchline, bids: { at: bidsAt, count: bids }, asks: { at: asksAt, count: asks } }
}

function countAt(payload: Buffer, at: number): number | undefined {
  if (at + COUNT_BYTES > payload.length) return undefined
  const count = payload.readInt32LE(at)
  return count >= 0 && count <= MOST_LEVELS ? count : undefined
}

function touchlineAt(generation: BinaryGeneration, bestBidAt: number): TouchlineLayout {
  const row = ROW_BYTES[generation]
  return { generation, bestBidAt, bestAskAt: bestBidAt + row, tailAt: bestBidAt + 2 * row }
}
