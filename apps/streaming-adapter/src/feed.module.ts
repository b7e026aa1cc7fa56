import { Module, type DynamicModule } from '@nestjs/common'
import { InstrumentStore } from '@xts-bridge/instruments'
import { FeedController } from './feed.controller'
import { MarketFeed } from './market-feed'
import { ReadQuote } from './read-quote'

/** The parts that the controller asks. */
export interface FeedParts {
  readonly instruments: InstrumentStore
  readonly feed: MarketFeed
  readonly readQuote: ReadQuote
}

@Module({})
export class FeedModule {
  static of({ instruments, feed, readQuote }: FeedParts): DynamicModule {
    return {
      module: FeedModule,
      controllers: [FeedController],
      providers: [
        { provide: InstrumentStore, useValue: instruments },
        { provide: MarketFeed, useValue: feed },
        { provide: ReadQuote, useValue: readQuote },
      ],
    }
  }
}
