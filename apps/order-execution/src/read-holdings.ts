import {
  bookSchema,
  parseRequest,
  type Clock,
  type HoldingView,
  type Instrument,
  type InstrumentKey,
} from '@xts-bridge/contracts'
import type { BrokerHolding } from '@xts-bridge/xts'
import type { BookReader } from './book-reader'
import type { HouseAccount } from './house-account'
import { KeptAnswers } from './kept-answers'
import { priceKey, type LastPrice, type LastPrices } from './last-prices'
import type { InstrumentsPort } from './ports'
import { toTenThousandths } from './position-profit'

export interface ReadHoldingsParts {
  readonly house: HouseAccount
  readonly books: Pick<BookReader, 'read'>
  readonly prices: LastPrices
  readonly instruments: Pick<InstrumentsPort, 'byToken'>
  readonly clock: Clock
}

/** Holdings change with settlement, over night. */
const KEPT_MS = 60_000

/** `book.holdings`: what the client holds in its depository account, at the last price. */
export class ReadHoldings {
  private readonly kept: KeptAnswers<readonly BrokerHolding[]>

  constructor(private readonly parts: ReadHoldingsParts) {
    this.kept = new KeptAnswers(parts.clock, KEPT_MS)
  }

  /** Throws XTS_READ_FAILED. */
  async read(data: unknown): Promise<readonly HoldingView[]> {
    const { house, books, prices } = this.parts
    const { account, clientID, fresh } = parseRequest(bookSchema, data)
    house.check(account)
    const { value: holdings, begunAtMs } = await this.kept.get(clientID, fresh, async () => {
      const { rows, begunAtMs: readAtMs } = await books.read('holdings', clientID)
      return { value: rows, begunAtMs: readAtMs }
    })
    const named = holdings.map((holding) => ({ holding, instrument: this.instrumentOf(holding) }))
    const last = await prices.of(
      named.flatMap(({ instrument }) => (instrument === undefined ? [] : [instrument])),
    )
    return named.map(({ holding, instrument }) => ({
      account: house.name,
      clientID,
      ...view(holding, instrument, instrument && last.get(priceKey(instrument))),
      asOfMs: begunAtMs,
    }))
  }

  /** NSE's listing before BSE's: it is where more is traded. */
  private instrumentOf({ nseToken, bseToken }: BrokerHolding): Instrument | undefined {
    const { instruments } = this.parts
    const onNse = nseToken === undefined ? undefined : instruments.byToken('NSECM', nseToken)
    return onNse ?? (bseToken === undefined ? undefined : instruments.byToken('BSECM', bseToken))
  }
}

function view(
  holding: BrokerHolding,
  instrument: InstrumentKey | undefined,
  price: LastPrice | undefined,
): Omit<HoldingView, 'account' | 'clientID' | 'asOfMs'> {
  const { isin, holdingType, quantity, usedQuantity, isCollateral, buyAveragePrice: averagePrice } = holding
  const value = price && toTenThousandths(price.lastPrice * quantity)
  const paid = averagePrice === undefined ? undefined : averagePrice * quantity
  const pnl = value === undefined || paid === undefined ? undefined : toTenThousandths(value - paid)
  return {
    exchange: instrument?.exchange,
    symbol: instrument?.symbol ?? isin,
    ...{ isin, product: 'CNC', holdingType, quantity, usedQuantity, isCollateral, averagePrice },
    lastPrice: price?.lastPrice,
    lastPriceAtMs: price?.lastPriceAtMs,
    value,
    pnl,
    pnlPercent: pnl === undefined || !paid ? undefined : toTenThousandths((pnl / paid) * 100),
  }
}
