import type { Choices } from '../choices'
import type { Account } from '../state/account'
import { SEGMENT_NUMBERS, type SegmentName } from '../universe/segments'
import { money } from './numbers'

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
    ClientBankInfoList: [bankOf(clientCode)],
    ClientExchangeDetailsList: Object.fromEntries(exchangeDetails) as object,
  }
}

/** Inside this list the client's id is spelled Clientid. */
const bankOf = (clientCode: string): object => ({
  Clientid: clientCode,
  AccountNumber: '000000000000',
  AccountType: 'Savings',
  BankName: 'SIMULATED BANK',
  BankBranchName: 'SIMULATED BRANCH',
  BankCity: 'MUMBAI',
  CustomerId: clientCode,
  BankCityPincode: '400001',
  BankIFSCCode: 'SIMB0000001',
})

export interface Limits {
  readonly accountId: string
  /** Rupees. */
  readonly cash: number
  readonly used: number
}

type Written = string | number
type Write = (rupees: number) => Written

/** How amounts are written. One gateway was captured with bare texts, a number for the collateral, and NaN. */
const WRITE: Readonly<Record<Choices['balanceFigures'], Write>> = {
  fixed: (rupees) => rupees.toFixed(2),
  commas: money,
  captured: (rupees) => String(roundToPaise(rupees)),
  number: roundToPaise,
}

function roundToPaise(rupees: number): number {
  return Math.round(rupees * 100) / 100
}

/** `result` of the balance; NotinalCash and CNCSellBenifit are the broker's spellings. Amounts in rupees. */
export function balanceResult(
  limits: Limits,
  choices: Pick<Choices, 'balanceFigures' | 'balanceList'>,
): object {
  const { balanceFigures, balanceList } = choices
  const all = { limitHeader: 'ALL|ALL|ALL', limitObject: limitObject(limits, balanceFigures) }
  const nothing = limitObject({ ...limits, cash: 0, used: 0 }, balanceFigures)
  const mtf = { limitHeader: 'CASH|NSE|MTF', limitObject: nothing }
  return { BalanceList: balanceList === 'single' ? [all] : [mtf, all] }
}

function limitObject({ accountId, cash, used }: Limits, figures: Choices['balanceFigures']): object {
  const write = WRITE[figures]
  const zeros = (names: readonly string[]): Record<string, Written> =>
    Object.fromEntries(names.map((name) => [name, write(0)]))
  const isCaptured = figures === 'captured'
  const notANumber = (names: readonly string[]): Record<string, string> =>
    isCaptured ? Object.fromEntries(names.map((name) => [name, 'NaN'])) : {}
  return {
    RMSSubLimits: {
      cashAvailable: write(cash),
      collateral: isCaptured ? 0 : write(0),
      marginUtilized: write(used),
      netMarginAvailable: write(cash - used),
      ...zeros(['MTM', 'UnrealizedMTM', 'RealizedMTM']),
    },
    marginAvailable: {
      CashMarginAvailable: write(cash),
      ...zeros(MARGIN_AVAILABLE_ZEROS),
      ...notANumber(['AdhocFOMargin', 'AdhocCurrencyMargin', 'AdhocCommodityMargin']),
    },
    marginUtilized: {
      ...zeros(MARGIN_UTILIZED_ZEROS),
      MarginUsed: write(used),
      ...zeros(MARGIN_UTILIZED_TAIL),
      ...notANumber(['LimitUsed']),
    },
    limitsAssigned: zeros(LIMITS_ASSIGNED),
    AccountID: accountId,
  }
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
