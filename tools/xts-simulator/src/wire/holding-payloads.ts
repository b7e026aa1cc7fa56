import type { Choices } from '../choices'
import type { Holding } from '../state/account'
import { socketSeconds } from './indian-time'

export interface HoldingsRequest {
  readonly clientCode: string
  readonly holdings: readonly Holding[]
  readonly shape: Choices['holdingsShape']
  /** When the depository's file was read. */
  readonly loadedAtMs: number
}

/** `result` of GET holdings: one map by ISIN, or the lists of newer documents. No price is given. */
export function holdingsResult({ clientCode, holdings, shape, loadedAtMs }: HoldingsRequest): object {
  const rows = holdings.map((holding, at) => [holding.isin, holdingRow(holding, at + 1, loadedAtMs)])
  const Holdings = Object.fromEntries(rows) as object
  return shape === 'map'
    ? { ClientId: clientCode, RMSHoldings: { Holdings } }
    : { ClientId: clientCode, RMSHoldingList: [{ Holdings }], CollateralHoldingList: [] }
}

function holdingRow(holding: Holding, id: number, loadedAtMs: number): object {
  const { isin, clientCode, nseToken, bseToken, quantity, averagePrice } = holding
  return {
    ISIN: isin,
    RMSHoldingId: id,
    ClientId: clientCode,
    ExchangeNSEInstrumentId: nseToken,
    ExchangeBSEInstrumentId: bseToken,
    ExchangeMSEInstrumentId: 0,
    HoldingType: 'Holdings',
    HoldingQuantity: quantity,
    CollateralValuationType: 'NONE',
    Haircut: 0,
    CollateralQuantity: 0,
    PledgeQuantity: 0,
    CreatedBy: 'ADMIN',
    LastUpdatedBy: 'ADMIN',
    CreatedOn: socketSeconds(loadedAtMs),
    LastUpdatedOn: socketSeconds(loadedAtMs),
    UsedQuantity: 0,
    IsCollateralHolding: false,
    BuyAvgPrice: averagePrice ?? 0,
    IsBuyAvgPriceProvided: averagePrice !== undefined,
    AuthorizeQuantity: 0,
    IsNeedToDelete: false,
  }
}
