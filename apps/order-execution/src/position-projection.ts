import type { FillEvidence } from '@xts-bridge/persistence'
import type { BrokerPosition } from '@xts-bridge/xts'
import type { BookAnswer } from './book-reader'
import type { KnownFill } from './day-fills'
import { positionKeyText, type PositionKey } from './position-key'

/** What a position is made of. Values are price times quantity, in rupees, without the multiplier. */
export interface PositionSums {
  readonly net: number
  readonly buyQuantity: number
  readonly sellQuantity: number
  readonly buyValue: number
  readonly sellValue: number
}

/** One position as it stands. */
export interface ProjectedPosition extends PositionSums {
  readonly key: PositionKey
  /** The broker's; undefined for a position that no book has shown yet. */
  readonly multiplier?: number | undefined
}

/** A position that no longer is what it was and its trades add up to. */
export interface MovedPosition {
  readonly key: PositionKey
  readonly expectedNet: number
  readonly bookNet: number
}

/** The trade records of the day as they are known now, oldest known first, and when the trade book was last begun to be read. */
export interface KnownTrades {
  readonly fills: readonly KnownFill[]
  readonly readBegunAtMs: number
}

interface Standing {
  readonly key: PositionKey
  readonly multiplier?: number | undefined
  /** What there was before the day's trades: position = opening + trades. Undefined until it is certain. */
  readonly opening?: PositionSums | undefined
  /** The last row, while there is no opening: it may hold trades that we do not know yet. */
  readonly row: PositionSums
  readonly rowBegunAtMs: number
  /** An opening the last steady read suggests; certain when another one suggests it too. */
  readonly suggested?: { readonly opening: PositionSums; readonly endedAtMs: number } | undefined
  /** The row lacks trades that were known before it was read. */
  readonly isBehind: boolean
  /** We changed the position ourselves without a trade: the next steady row is taken as it is. */
  readonly isConverted?: boolean | undefined
}

/** A row is taken to hold a trade that was known this long before it was read. */
const BOOK_LAG_MS = 2_000

const NOTHING: PositionSums = { net: 0, buyQuantity: 0, sellQuantity: 0, buyValue: 0, sellValue: 0 }

/**
 * The net positions of one client on one day: what the book showed before the day's trades (the opening), and every trade
 * record once. Neither the order nor the repetition of trades and reads matters. A read that does not fit is not made to:
 * the opening changes only when two steady reads agree, with the trade book read in between.
 */
export class PositionProjection {
  private readonly standings = new Map<string, Standing>()
  private readBegunAtMs: number | undefined

  /** An opening changes only when the position's last trade was known `settledAfterMs` before the read. */
  constructor(
    private readonly client: string,
    private readonly settledAfterMs: number,
  ) {}

  /** When the newest book that was taken began to be read; undefined before the first. */
  get asOfMs(): number | undefined {
    return this.readBegunAtMs
  }

  /** Takes a healthy position book. Returns the positions that moved without a trade. */
  take(read: BookAnswer<BrokerPosition>, trades: KnownTrades): readonly MovedPosition[] {
    if (this.readBegunAtMs !== undefined && read.begunAtMs < this.readBegunAtMs) return []
    const rows = new Map(read.rows.map((row) => [positionKeyText(this.keyOf(row)), row]))
    const byKey = fillsByKey(this.client, trades.fills)
    const keys = new Map<string, PositionKey>()
    for (const { key } of this.standings.values()) keys.set(positionKeyText(key), key)
    for (const { key } of byKey.values()) keys.set(positionKeyText(key), key)
    for (const row of read.rows) keys.set(positionKeyText(this.keyOf(row)), this.keyOf(row))
    const moved = [...keys].flatMap(([text, key]) =>
      this.takeRow(key, rows.get(text), {
        ...{ read, fills: byKey.get(text)?.fills ?? [], tradesReadBegunAtMs: trades.readBegunAtMs },
      }),
    )
    this.readBegunAtMs = read.begunAtMs
    return moved
  }

  /** The positions as of now, from the newest book and every trade since. */
  positions(fills: readonly KnownFill[]): readonly ProjectedPosition[] {
    const byKey = fillsByKey(this.client, fills)
    const known = [...this.standings].map(([text, standing]): ProjectedPosition => {
      const { key, multiplier, opening, row } = standing
      const sums = opening === undefined ? row : plus(opening, sumsOf(byKey.get(text)?.fills ?? []))
      return { key, multiplier, ...sums }
    })
    // A position that the book did not have when it was read began with the trades since.
    const begun = [...byKey]
      .filter(([text]) => !this.standings.has(text))
      .map(([, { key, fills: own }]) => ({ key, ...sumsOf(own) }))
    return [...known, ...begun]
  }

  /** Trades are known that the last book should hold and does not; it is no answer. */
  get isBehind(): boolean {
    return this.some(({ opening, isBehind }) => opening === undefined && isBehind)
  }

  /** Another read may make certain what one could not. */
  get isUncertain(): boolean {
    return this.some(
      ({ suggested, opening, isBehind }) => suggested !== undefined || (opening === undefined && isBehind),
    )
  }

  /** A position without an opening had trades since its row was read. */
  isOutdated(fills: readonly KnownFill[]): boolean {
    const byKey = fillsByKey(this.client, fills)
    return [...this.standings].some(
      ([text, { opening, rowBegunAtMs }]) =>
        opening === undefined &&
        byKey.get(text)?.fills.some(({ seenAtMs }) => seenAtMs >= rowBegunAtMs) === true,
    )
  }

  /** These positions changed without a trade: only a book that is read after now says what they are. */
  changed(keys: readonly PositionKey[]): void {
    for (const key of keys) {
      const text = positionKeyText(key)
      const known = this.standings.get(text)
      const row = { key, row: NOTHING, rowBegunAtMs: -Infinity, ...known }
      this.standings.set(text, {
        ...{ ...row, opening: undefined, suggested: undefined },
        ...{ isBehind: true, isConverted: true },
      })
    }
    this.readBegunAtMs = undefined
  }

  private takeRow(key: PositionKey, found: BrokerPosition | undefined, seen: Seen): readonly MovedPosition[] {
    const text = positionKeyText(key)
    const before = this.standings.get(text) ?? this.absentBefore(key, seen.fills)
    const row = found === undefined ? NOTHING : sumsOfRow(found)
    const judged = judge(before, row, seen, this.settledAfterMs)
    const multiplier = found?.multiplier ?? before?.multiplier
    this.standings.set(text, { key, multiplier, row, rowBegunAtMs: seen.read.begunAtMs, ...judged })
    if (before?.opening === undefined || judged.opening === before.opening) return []
    return [{ key, expectedNet: before.opening.net + sumsOf(seen.fills).net, bookNet: row.net }]
  }

  /** A position that an earlier book did not have, and whose trades all came since, began with them. */
  private absentBefore(key: PositionKey, fills: readonly KnownFill[]): Standing | undefined {
    const readMs = this.readBegunAtMs
    if (readMs === undefined || fills.some(({ seenAtMs }) => seenAtMs < readMs)) return undefined
    return { key, opening: NOTHING, row: NOTHING, rowBegunAtMs: readMs, isBehind: false }
  }

  private some(isSo: (standing: Standing) => boolean): boolean {
    return [...this.standings.values()].some(isSo)
  }

  private keyOf({ segment, token, product }: BrokerPosition): PositionKey {
    return { client: this.client, segment, token, product }
  }
}

/** One read of one position, with its trades. */
interface Seen {
  readonly read: BookAnswer<BrokerPosition>
  readonly fills: readonly KnownFill[]
  readonly tradesReadBegunAtMs: number
}

type Judged = Pick<Standing, 'opening' | 'suggested' | 'isBehind' | 'isConverted'>

/** What a row says of the opening, given what was known before. */
function judge(before: Standing | undefined, row: PositionSums, seen: Seen, settledAfterMs: number): Judged {
  const { opening: known, suggested: earlier, isConverted = false } = before ?? {}
  const fitting = fittingOpening(known, row, seen)
  if (fitting !== undefined) return { opening: fitting, isBehind: false }
  const sums = sumsOf(seen.fills)
  const opening = openingOf(row, sums)
  const isBehind = !isConverted && lacksSome(row, sums)
  const isSteady = isQuiet(seen, known !== undefined || isBehind ? settledAfterMs : BOOK_LAG_MS)
  const isCertain = isConverted || isAgain(earlier, opening, seen.tradesReadBegunAtMs)
  if (isSteady && isCertain) return { opening, isBehind: false }
  const suggested = isSteady ? { opening, endedAtMs: seen.read.endedAtMs } : undefined
  return { opening: known, suggested, isBehind, isConverted }
}

/** The row cannot hold all of the trades. */
function lacksSome(row: PositionSums, trades: PositionSums): boolean {
  return row.buyQuantity < trades.buyQuantity || row.sellQuantity < trades.sellQuantity
}

/** No trade became known so shortly before the read, or during it. */
function isQuiet({ fills, read }: Seen, quietMs: number): boolean {
  return fills.every(({ seenAtMs }) => seenAtMs + quietMs <= read.begunAtMs)
}

/** The opening that is known, or else none at all, when the row is that and the trades. */
function fittingOpening(
  known: PositionSums | undefined,
  row: PositionSums,
  seen: Seen,
): PositionSums | undefined {
  const opening = known ?? NOTHING
  return fits(opening, row, seen) ? opening : undefined
}

/** The row is the opening and the trades known when the read began, and any number of those that came since. */
function fits(opening: PositionSums, row: PositionSums, { read, fills }: Seen): boolean {
  let sums = opening
  for (const { fill, seenAtMs } of fills) {
    if (seenAtMs >= read.begunAtMs && isSameQuantity(sums, row)) return true
    sums = plus(sums, sumsOfFill(fill))
  }
  return isSameQuantity(sums, row)
}

function isAgain(
  suggested: Standing['suggested'],
  opening: PositionSums,
  tradesReadBegunAtMs: number,
): boolean {
  if (suggested === undefined || !isSameQuantity(suggested.opening, opening)) return false
  return tradesReadBegunAtMs >= suggested.endedAtMs
}

/** What must have been there before the trades. The broker rounds its averages, so nothing bought is worth nothing. */
function openingOf(row: PositionSums, sums: PositionSums): PositionSums {
  const buyQuantity = row.buyQuantity - sums.buyQuantity
  const sellQuantity = row.sellQuantity - sums.sellQuantity
  return {
    net: row.net - sums.net,
    buyQuantity,
    sellQuantity,
    buyValue: buyQuantity === 0 ? 0 : row.buyValue - sums.buyValue,
    sellValue: sellQuantity === 0 ? 0 : row.sellValue - sums.sellValue,
  }
}

function sumsOfRow(row: BrokerPosition): PositionSums {
  const { quantity, buyQuantity, sellQuantity, buyAveragePrice, sellAveragePrice } = row
  return {
    ...{ net: quantity, buyQuantity, sellQuantity },
    buyValue: buyQuantity * buyAveragePrice,
    sellValue: sellQuantity * sellAveragePrice,
  }
}

function sumsOf(fills: readonly KnownFill[]): PositionSums {
  return fills.map(({ fill }) => sumsOfFill(fill)).reduce(plus, NOTHING)
}

function sumsOfFill({ side, quantity, price }: FillEvidence): PositionSums {
  return side === 'BUY'
    ? { ...NOTHING, net: quantity, buyQuantity: quantity, buyValue: quantity * price }
    : { ...NOTHING, net: -quantity, sellQuantity: quantity, sellValue: quantity * price }
}

function plus(one: PositionSums, other: PositionSums): PositionSums {
  return {
    net: one.net + other.net,
    buyQuantity: one.buyQuantity + other.buyQuantity,
    sellQuantity: one.sellQuantity + other.sellQuantity,
    buyValue: one.buyValue + other.buyValue,
    sellValue: one.sellValue + other.sellValue,
  }
}

function isSameQuantity(one: PositionSums, other: PositionSums): boolean {
  return (
    one.net === other.net && one.buyQuantity === other.buyQuantity && one.sellQuantity === other.sellQuantity
  )
}

function fillsByKey(
  client: string,
  fills: readonly KnownFill[],
): ReadonlyMap<string, { readonly key: PositionKey; readonly fills: KnownFill[] }> {
  const byKey = new Map<string, { readonly key: PositionKey; readonly fills: KnownFill[] }>()
  for (const known of fills) {
    const { segment, token, product } = known.fill
    const key = { client, segment, token, product }
    const text = positionKeyText(key)
    const group = byKey.get(text) ?? { key, fills: [] }
    group.fills.push(known)
    byKey.set(text, group)
  }
  return byKey
}
