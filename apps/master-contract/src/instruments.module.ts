import { Module, type DynamicModule } from '@nestjs/common'
import type { Clock } from '@xts-bridge/contracts'
import { InstrumentStore } from '@xts-bridge/instruments'
import { InstrumentsController } from './instruments.controller'
import { KeptLists } from './kept-lists'
import { ListKeeper } from './list-keeper'
import { CLOCK } from './tokens'

/** The parts that the controller asks. */
export interface InstrumentsParts {
  readonly store: InstrumentStore
  readonly keeper: ListKeeper
  readonly kept: KeptLists
  readonly clock: Clock
}

@Module({})
export class InstrumentsModule {
  static of({ store, keeper, kept, clock }: InstrumentsParts): DynamicModule {
    return {
      module: InstrumentsModule,
      controllers: [InstrumentsController],
      providers: [
        { provide: InstrumentStore, useValue: store },
        { provide: ListKeeper, useValue: keeper },
        { provide: KeptLists, useValue: kept },
        { provide: CLOCK, useValue: clock },
      ],
    }
  }
}
