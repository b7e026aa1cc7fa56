import type { BrokerFunds, BrokerHolding, CallOutcome, PositionPart } from '@xts-bridge/xts'
import type { Product } from '@xts-bridge/contracts'
import type { AccountPort } from '../ports'
import type { ModelledBroker } from './modelled-broker'

/** What becomes of the next conversion. */
export type ConversionFate = 'accept' | 'reply lost' | 'never arrives' | 'reject' | 'not sent'

const LOST: CallOutcome<never> = { kind: 'unknown', reason: 'the connection was reset' }

/** The account behind the modelled broker: funds, holdings, conversions of its positions, histories of its orders. */
export class ModelledAccount implements AccountPort {
  /** Every call with the clientID it named. */
  readonly calls: { readonly call: string; readonly clientID: string | undefined }[] = []
  readonly converted: { readonly part: PositionPart; readonly newProduct: Product }[] = []
  fates: ConversionFate[] = []
  heldRows: BrokerHolding[] = []
  funds: BrokerFunds = {
    accountId: 'ABC1234A02',
    limitHeader: 'ALL|ALL|ALL',
    cashAvailable: 1_000,
    collateral: 0,
    marginUtilized: 250,
    netMarginAvailable: 750,
    realizedMtm: 0,
    unrealizedMtm: undefined,
  }

  constructor(private readonly broker: ModelledBroker) {}

  holdings: AccountPort['holdings'] = async (clientID) => {
    this.calls.push({ call: 'holdings', clientID })
    if (this.broker.isBookUnreadable) return LOST
    return { kind: 'ok', value: { rows: this.heldRows, isEmptyAnswer: this.heldRows.length === 0 } }
  }

  balance: AccountPort['balance'] = async (clientID) => {
    this.calls.push({ call: 'balance', clientID })
    if (this.broker.isBookUnreadable) return LOST
    return { kind: 'ok', value: this.funds }
  }

  history: AccountPort['history'] = async ({ brokerOrderId, clientID }) => {
    this.calls.push({ call: 'history', clientID })
    const row = this.broker.orderRows.get(brokerOrderId)
    if (row === undefined) return REJECTED
    return { kind: 'ok', value: { rows: [{ ...row, state: 'accepted' }, row], isEmptyAnswer: false } }
  }

  convert: AccountPort['convert'] = async (part, newProduct) => {
    const fate = this.fates.shift() ?? 'accept'
    if (fate === 'not sent')
      return { kind: 'not-sent', reason: 'connection refused', isSessionMissing: false }
    this.converted.push({ part, newProduct })
    if (fate === 'reject') return REJECTED
    if (fate === 'never arrives') return LOST
    this.broker.convert(part, newProduct)
    return fate === 'reply lost' ? LOST : { kind: 'ok', value: undefined }
  }
}

const REJECTED: CallOutcome<never> = {
  kind: 'rejected',
  brokerCode: 'e-orders-0001',
  brokerDescription: 'not now',
  isSessionInvalid: false,
}
