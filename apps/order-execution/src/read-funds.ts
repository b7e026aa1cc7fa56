import { AppError, bookSchema, parseRequest, type Clock, type FundsView } from '@xts-bridge/contracts'
import type { BrokerFunds } from '@xts-bridge/xts'
import type { BookReader } from './book-reader'
import type { HouseAccount } from './house-account'
import { KeptAnswers } from './kept-answers'

export interface ReadFundsParts {
  readonly house: HouseAccount
  readonly books: Pick<BookReader, 'read'>
  readonly clock: Clock
}

/** Margins move with every order; a few seconds keep a crowd of readers within the budget. */
const KEPT_MS = 5_000

/** `book.funds`: the client's limits at the broker. */
export class ReadFunds {
  private readonly kept: KeptAnswers<BrokerFunds>

  constructor(private readonly parts: ReadFundsParts) {
    this.kept = new KeptAnswers(parts.clock, KEPT_MS)
  }

  /** Throws XTS_READ_FAILED. */
  async read(data: unknown): Promise<FundsView> {
    const { house, books } = this.parts
    const { account, clientID, fresh } = parseRequest(bookSchema, data)
    house.check(account)
    const { value: funds, begunAtMs } = await this.kept.get(clientID, fresh, async () => {
      const { rows, begunAtMs: readAtMs } = await books.read('funds', clientID)
      const [limits] = rows
      if (limits === undefined)
        throw new AppError('XTS_READ_FAILED', { book: 'funds', reason: 'it is empty' })
      return { value: limits, begunAtMs: readAtMs }
    })
    return {
      account: house.name,
      clientID,
      brokerAccountId: funds.accountId,
      limitHeader: funds.limitHeader,
      availableMargin: funds.netMarginAvailable,
      cash: funds.cashAvailable,
      collateral: funds.collateral,
      usedMargin: funds.marginUtilized,
      brokerRealisedPnl: funds.realizedMtm,
      brokerUnrealisedPnl: funds.unrealizedMtm,
      asOfMs: begunAtMs,
    }
  }
}
