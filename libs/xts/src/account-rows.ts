import { isRecord, optionalAmount, optionalText, requiredCount, requiredText, type XtsRecord } from './fields'
import type { BookRead } from './model'
import { Unreadable } from './unreadable'

/** A client's limits, in rupees. A figure the broker leaves out, or calls NaN, is undefined and never 0. */
export interface BrokerFunds {
  readonly accountId: string
  /** Which limits these are; `ALL|ALL|ALL` where the broker has them. */
  readonly limitHeader: string
  readonly cashAvailable: number | undefined
  readonly collateral: number | undefined
  readonly marginUtilized: number | undefined
  readonly netMarginAvailable: number | undefined
  readonly realizedMtm: number | undefined
  readonly unrealizedMtm: number | undefined
}

/** What a client holds in its depository account. */
export interface BrokerHolding {
  readonly isin: string
  /** Undefined where it is not listed. */
  readonly nseToken: number | undefined
  readonly bseToken: number | undefined
  /** `Holdings`, `T1` and the like, in the broker's words. */
  readonly holdingType: string
  readonly quantity: number
  readonly usedQuantity: number
  readonly isCollateral: boolean
  /** Rupees; undefined where the broker does not know it. */
  readonly buyAveragePrice: number | undefined
}

const WHOLE_ACCOUNT = 'ALL|ALL|ALL'

/** Reads `user/balance`. Throws Unreadable. */
export function readFunds(result: unknown): BrokerFunds {
  const list = isRecord(result) ? result['BalanceList'] : undefined
  if (!Array.isArray(list)) throw new Unreadable('BalanceList is not a list')
  const entries = list.filter(isRecord)
  const entry = entries.find((each) => each['limitHeader'] === WHOLE_ACCOUNT) ?? entries[0]
  const limits = entry?.['limitObject']
  if (entry === undefined || !isRecord(limits)) throw new Unreadable('the balance has no limits')
  const part = limits['RMSSubLimits']
  if (!isRecord(part)) throw new Unreadable('the balance has no RMSSubLimits')
  return {
    accountId: optionalText(limits, 'AccountID') ?? '',
    limitHeader: optionalText(entry, 'limitHeader') ?? '',
    cashAvailable: optionalAmount(part, 'cashAvailable'),
    collateral: optionalAmount(part, 'collateral'),
    marginUtilized: optionalAmount(part, 'marginUtilized'),
    netMarginAvailable: optionalAmount(part, 'netMarginAvailable'),
    realizedMtm: optionalAmount(part, 'RealizedMTM'),
    unrealizedMtm: optionalAmount(part, 'UnrealizedMTM'),
  }
}

/** Reads `portfolio/holdings` in both its shapes: a map by ISIN under `RMSHoldings`, or lists of such maps. Throws Unreadable. */
export function readHoldings(result: unknown): BookRead<BrokerHolding> {
  if (!isRecord(result)) throw new Unreadable('the holdings are not a record')
  const maps = holdingMaps(result)
  if (maps === undefined) throw new Unreadable('the holdings have neither RMSHoldings nor RMSHoldingList')
  const rows = maps.flatMap((map) => Object.values(map).map(readHolding))
  return { rows, isEmptyAnswer: rows.length === 0 }
}

function holdingMaps(result: XtsRecord): readonly XtsRecord[] | undefined {
  const single = result['RMSHoldings']
  if (isRecord(single)) return [asMap(single['Holdings'])]
  const lists = [result['RMSHoldingList'], result['CollateralHoldingList']].filter(Array.isArray)
  if (lists.length === 0) return undefined
  return lists.flat().map((each: unknown) => asMap(isRecord(each) ? each['Holdings'] : undefined))
}

function asMap(holdings: unknown): XtsRecord {
  if (holdings === undefined || holdings === null) return {}
  if (!isRecord(holdings)) throw new Unreadable('Holdings is not a map by ISIN')
  return holdings
}

function readHolding(value: unknown): BrokerHolding {
  if (!isRecord(value)) throw new Unreadable('a holding is not a record')
  const isKnown = value['IsBuyAvgPriceProvided'] !== false
  return {
    isin: requiredText(value, 'ISIN'),
    nseToken: listedToken(value, 'ExchangeNSEInstrumentId'),
    bseToken: listedToken(value, 'ExchangeBSEInstrumentId'),
    holdingType: optionalText(value, 'HoldingType') ?? '',
    quantity: requiredCount(value, 'HoldingQuantity'),
    usedQuantity: optionalAmount(value, 'UsedQuantity') ?? 0,
    isCollateral: value['IsCollateralHolding'] === true,
    buyAveragePrice: isKnown ? optionalAmount(value, 'BuyAvgPrice') : undefined,
  }
}

/** 0 stands for "not listed there". */
function listedToken(value: XtsRecord, name: string): number | undefined {
  const token = optionalAmount(value, name)
  return token === undefined || token <= 0 ? undefined : token
}
