import type { Account } from '../state/account'
import { SEGMENT_NUMBERS, type SegmentName } from '../universe/segments'

const ORDER_TYPES = ['StopLimit', 'StopMarket', 'Limit', 'Market']
const TIMES_IN_FORCE = ['DAY', 'IOC']

/** `result` of the interactive login. The spelling positionSqureOffMode is the broker's. */
export function loginResult(account: Account, token: string, segments: readonly SegmentName[]): object {
  return {
    enums: enumLists(segments),
    clientCodes: account.clientCodes,
    exchangeSegmentArray: segments.map((key) => ({ key, value: SEGMENT_NUMBERS[key] })),
    token,
    userID: account.userId,
    isInvestorClient: account.kind === 'retail',
    isOneTouchUser: false,
  }
}

/** The lists a client may choose from; also the answer of GET /user/enums. */
export function enumLists(segments: readonly SegmentName[]): object {
  const exchangeInfo = segments.map((segment) => [
    segment,
    { productType: productsOf(segment), orderType: ORDER_TYPES, timeInForce: TIMES_IN_FORCE },
  ])
  return {
    socketEvent: [
      'joined',
      'error',
      'warning',
      'success',
      'order',
      'trade',
      'logout',
      'position',
      'tradeConversion',
      'marketStatusUpdate',
      'exchangeAdapterState',
      'gttOrder',
      'gttOrderRejection',
    ],
    orderSide: ['BUY', 'SELL'],
    orderSource: ['TWSAPI', 'WebAPI', 'MobileAndroidAPI', 'MobileWindowsAPI', 'MobileIOSAPI'],
    positionSqureOffMode: ['DayWise', 'NetWise'],
    positionSquareOffQuantityType: ['Percentage', 'ExactQty'],
    dayOrNet: ['DAY', 'NET'],
    instrumentType: [
      'Futures',
      'Options',
      'Spread',
      'Equity',
      'Spot',
      'PreferenceShares',
      'Debentures',
      'Warrants',
      'Miscellaneous',
      'MutualFund',
    ],
    exchangeSegment: segments,
    exchangeInfo: Object.fromEntries(exchangeInfo) as object,
  }
}

const productsOf = (segment: SegmentName): string[] =>
  segment === 'NSECM' || segment === 'BSECM'
    ? ['MIS', 'NRML', 'CNC', 'CO', 'BO']
    : ['MIS', 'NRML', 'CO', 'BO']

export function profileResult(
  account: Account,
  clientCode: string,
  segments: readonly SegmentName[],
): object {
  const exchangeDetails = segments.map((segment) => [
    segment,
    { ClientId: clientCode, ExchangeSegNumber: SEGMENT_NUMBERS[segment], Enabled: true, ParticipantCode: '' },
  ])
  return {
    ClientId: clientCode,
    ClientName: `SIMULATED CLIENT ${clientCode}`,
    EmailId: 'client@simulator.invalid',
    MobileNo: '',
    PAN: '',
    IncludeInAutoSquareoff: false,
    IncludeInAutoSquareoffBlocked: false,
    IsProClient: account.kind === 'pro',
    IsInvestorClient: account.kind === 'retail',
    ResidentialAddress: '',
    OfficeAddress: '',
    ClientBankInfoList: [],
    ClientExchangeDetailsList: Object.fromEntries(exchangeDetails) as object,
  }
}

const amount = (rupees: number): string => rupees.toFixed(2)

const zeros = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, '0.00']))

/** `result` of the balance; NotinalCash and CNCSellBenifit are the broker's spellings. Amounts in rupees. */
export function balanceResult(o: {
  readonly accountId: string
  readonly cash: number
  readonly used: number
}): object {
  const limitObject = {
    RMSSubLimits: {
      cashAvailable: amount(o.cash),
      collateral: '0.00',
      marginUtilized: amount(o.used),
      netMarginAvailable: amount(o.cash - o.used),
      MTM: '0.00',
      UnrealizedMTM: '0.00',
      RealizedMTM: '0.00',
    },
    marginAvailable: { CashMarginAvailable: amount(o.cash), ...zeros(MARGIN_AVAILABLE_ZEROS) },
    marginUtilized: {
      ...zeros(MARGIN_UTILIZED_ZEROS),
      MarginUsed: amount(o.used),
      ...zeros(MARGIN_UTILIZED_TAIL),
    },
    limitsAssigned: zeros(LIMITS_ASSIGNED),
    AccountID: o.accountId,
  }
  return { BalanceList: [{ limitHeader: 'ALL|ALL|ALL', limitObject }] }
}

const MARGIN_AVAILABLE_ZEROS = [
  'AdhocMargin',
  'NotinalCash',
  'PayInAmount',
  'PayOutAmount',
  'CNCSellBenifit',
  'DirectCollateral',
  'HoldingCollateral',
  'ClientBranchAdhoc',
  'SellOptionsPremium',
  'NetOptionPremium',
  'BuyOptionsPremium',
  'TotalBranchAdhoc',
  'AdhocFOMargin',
  'AdhocCurrencyMargin',
  'AdhocCommodityMargin',
]

const MARGIN_UTILIZED_ZEROS = [
  'GrossExposureMarginPresent',
  'BuyExposureMarginPresent',
  'SellExposureMarginPresent',
  'VarELMarginPresent',
  'ScripBasketMarginPresent',
  'GrossExposureLimitPresent',
  'BuyExposureLimitPresent',
  'SellExposureLimitPresent',
  'CNCLimitUsed',
  'CNCAmountUsed',
]

const MARGIN_UTILIZED_TAIL = ['LimitUsed', 'TotalSpanMargin', 'ExposureMarginPresent']

const LIMITS_ASSIGNED = [
  'CNCLimit',
  'TurnoverLimitPresent',
  'MTMLossLimitPresent',
  'BuyExposureLimit',
  'SellExposureLimit',
  'GrossExposureLimit',
  'GrossExposureDerivativesLimit',
  'BuyExposureFuturesLimit',
  'BuyExposureOptionsLimit',
  'SellExposureOptionsLimit',
  'SellExposureFuturesLimit',
  'AdhocOptionsBuy',
  'AdhocCashCNCMargin',
]
