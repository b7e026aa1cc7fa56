import { Controller, Inject } from '@nestjs/common'
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices'
import type { BusRequest } from '@xts-bridge/bus'
import {
  instrumentFindSchema,
  instrumentRefreshSchema,
  parseRequest,
  sleep,
  type Clock,
  type Instrument,
  type InstrumentsStatus,
} from '@xts-bridge/contracts'
import { InstrumentStore } from '@xts-bridge/instruments'
import { ListKeeper } from './list-keeper'
import { CLOCK } from './tokens'

/** A refresh that outlasts the request is answered with `isRefreshing` this long before its deadline. */
const ANSWER_BEFORE_DEADLINE_MS = 250
/** Longest wait for a caller without a deadline. */
const LONGEST_WAIT_MS = 25_000

/** What master-contract answers on the bus. */
@Controller()
export class InstrumentsController {
  constructor(
    @Inject(InstrumentStore) private readonly store: InstrumentStore,
    @Inject(ListKeeper) private readonly keeper: ListKeeper,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @MessagePattern('instruments.find')
  find(@Payload() data: unknown): Instrument {
    return this.store.require(parseRequest(instrumentFindSchema, data))
  }

  @MessagePattern('instruments.status')
  status(): InstrumentsStatus {
    return this.keeper.status()
  }

  @MessagePattern('instruments.refresh')
  async refresh(@Payload() data: unknown, @Ctx() request: BusRequest): Promise<InstrumentsStatus> {
    parseRequest(instrumentRefreshSchema, data)
    const waitMs = Math.min(LONGEST_WAIT_MS, request.remainingMs() - ANSWER_BEFORE_DEADLINE_MS)
    const stillRunning = sleep(this.clock, Math.max(0, waitMs)).then(() => this.keeper.status())
    return Promise.race([this.keeper.refresh(), stillRunning])
  }
}
