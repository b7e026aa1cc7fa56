import { Controller, Inject } from '@nestjs/common'
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices'
import type { BusRequest } from '@xts-bridge/bus'
import {
  feedSnapshotSchema,
  parseRequest,
  quotesSchema,
  type FeedSnapshot,
  type FeedStatus,
  type Quote,
} from '@xts-bridge/contracts'
import { InstrumentStore } from '@xts-bridge/instruments'
import { MarketFeed } from './market-feed'
import { ReadQuote } from './read-quote'

/** What the feed answers on the bus. */
@Controller()
export class FeedController {
  constructor(
    @Inject(InstrumentStore) private readonly instruments: InstrumentStore,
    @Inject(MarketFeed) private readonly feed: MarketFeed,
    @Inject(ReadQuote) private readonly readQuote: ReadQuote,
  ) {}

  @MessagePattern('market.quotes')
  quotes(@Payload() data: unknown, @Ctx() request: BusRequest): Promise<Quote> {
    const instrument = this.instruments.require(parseRequest(quotesSchema, data))
    return this.readQuote.read(instrument, request.remainingMs())
  }

  @MessagePattern('feed.snapshot')
  snapshot(@Payload() data: unknown): FeedSnapshot {
    return this.feed.snapshot(parseRequest(feedSnapshotSchema, data).topics)
  }

  @MessagePattern('feed.status')
  status(): FeedStatus {
    return this.feed.status()
  }
}
