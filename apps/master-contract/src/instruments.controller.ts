import { Controller, Inject } from '@nestjs/common'
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices'
import type { BusRequest } from '@xts-bridge/bus'
import {
  instrumentRefreshSchema,
  instrumentStatusSchema,
  parseRequest,
  sleep,
  type Clock,
  type ExpiryDates,
  type FoundInstrument,
  type InstrumentsDiff,
  type InstrumentsFound,
  type InstrumentsListed,
  type InstrumentsStatus,
  type OptionChainStrikes,
} from '@xts-bridge/contracts'
import { InstrumentStore } from '@xts-bridge/instruments'
import { diffVersions } from './diff-versions'
import { findInstrument } from './find-instrument'
import { KeptLists } from './kept-lists'
import { listExpiries } from './list-expiries'
import { listInstruments } from './list-instruments'
import { ListKeeper } from './list-keeper'
import { optionChain } from './option-chain'
import { searchInstruments } from './search-instruments'
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
    @Inject(KeptLists) private readonly kept: KeptLists,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @MessagePattern('instruments.find')
  find(@Payload() data: unknown): Promise<FoundInstrument> {
    return findInstrument(data, { store: this.store, kept: this.kept })
  }

  @MessagePattern('instruments.search')
  search(@Payload() data: unknown): Promise<InstrumentsFound> {
    return searchInstruments(data, this.store)
  }

  @MessagePattern('instruments.expiries')
  expiries(@Payload() data: unknown): Promise<ExpiryDates> {
    return listExpiries(data, { store: this.store, clock: this.clock })
  }

  @MessagePattern('instruments.option-chain')
  optionChain(@Payload() data: unknown): Promise<OptionChainStrikes> {
    return optionChain(data, this.store)
  }

  @MessagePattern('instruments.list')
  list(@Payload() data: unknown): Promise<InstrumentsListed> {
    return listInstruments(data, { store: this.store, kept: this.kept })
  }

  @MessagePattern('instruments.diff')
  diff(@Payload() data: unknown): Promise<InstrumentsDiff> {
    return diffVersions(data, { store: this.store, kept: this.kept })
  }

  @MessagePattern('instruments.status')
  status(@Payload() data: unknown): InstrumentsStatus {
    parseRequest(instrumentStatusSchema, data ?? {})
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
