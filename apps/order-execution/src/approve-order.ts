import {
  AppError,
  type ErrorCode,
  type ErrorDetails,
  type Instrument,
  type PlaceOrder,
} from '@xts-bridge/contracts'
import type { IntendedOrder } from '@xts-bridge/persistence'

declare const approved: unique symbol
/** An order that passed every check against its instrument; nothing else can be written down or sent. */
export type ApprovedOrder = IntendedOrder & { readonly [approved]: true }

/** What an order keeps besides its terms. */
export interface OrderOrigin {
  readonly clientOrderId?: string | undefined
  /** Version of the list that gave the instrument. */
  readonly instrumentsVersion?: string | undefined
}

interface OrderProblem {
  readonly field: string
  readonly code: ErrorCode
  readonly message: string
}

type Prices = Pick<PlaceOrder, 'price' | 'triggerPrice'>

/** Prices are compared as whole millionths of a rupee, because 0.15 is not a multiple of 0.05 in binary. */
const MILLIONTHS = 1_000_000

/** Checks everything at once. Throws the problem's own code when there is one, ORDER_INVALID with all when there are several. */
export function approveOrder(
  order: PlaceOrder,
  instrument: Instrument,
  { clientOrderId, instrumentsVersion }: OrderOrigin = {},
): ApprovedOrder {
  throwProblems([
    ...tradableProblems(instrument),
    ...quantityProblems('quantity', order.quantity, instrument),
    ...freezeProblems(order.quantity, instrument),
    ...priceProblems(order, instrument),
  ])
  const { exchange, symbol, segment, token } = instrument
  const { side, priceType, product, validity, quantity, disclosedQuantity, price, triggerPrice } = order
  const named = { clientOrderId, clientID: order.clientID, strategy: order.strategy }
  const what = { exchange, symbol, segment, token, instrumentsVersion, side, priceType, product, validity }
  return { ...named, ...what, quantity, disclosedQuantity, price, triggerPrice } as ApprovedOrder
}

/** The same checks for new terms of an order that works, of which `filledQuantity` is gone already. */
export function checkTerms(
  terms: Prices & { readonly quantity: number },
  instrument: Instrument,
  filledQuantity: number,
): void {
  const { quantity } = terms
  throwProblems([
    ...quantityProblems('quantity', quantity, instrument),
    ...freezeProblems(quantity, instrument),
    ...(quantity > filledQuantity
      ? []
      : [problem('quantity', 'ORDER_QUANTITY_FILLED', { quantity, filledQuantity })]),
    ...priceProblems(terms, instrument),
  ])
}

/** The same checks for a target, before anything is cancelled for it; the size is checked when it is known. */
export function checkTarget(
  target: Prices & { readonly targetPosition: number; readonly whenFlatQuantity?: number | undefined },
  instrument: Instrument,
): void {
  const whenFlat = target.whenFlatQuantity
  throwProblems([
    ...tradableProblems(instrument),
    ...quantityProblems('targetPosition', target.targetPosition, instrument),
    ...(whenFlat === undefined ? [] : quantityProblems('whenFlat.quantity', whenFlat, instrument)),
    ...priceProblems(target, instrument),
  ])
}

function throwProblems(problems: readonly AppErrorOfField[]): void {
  const [first] = problems
  if (first === undefined) return
  if (problems.length === 1) throw first.error
  const listed: OrderProblem[] = problems.map(({ field, error }) => ({
    field,
    code: error.code,
    message: error.message,
  }))
  throw new AppError('ORDER_INVALID', { problems: listed })
}

interface AppErrorOfField {
  readonly field: string
  readonly error: AppError
}

function problem(field: string, code: ErrorCode, details: ErrorDetails): AppErrorOfField {
  return { field, error: new AppError(code, { field, ...details }) }
}

function tradableProblems(instrument: Instrument): AppErrorOfField[] {
  const { symbol, exchange, instrumentType } = instrument
  if (instrumentType !== 'INDEX' && !exchange.endsWith('_INDEX')) return []
  const reason = 'an index has no order book; trade its futures or options'
  return [problem('symbol', 'INSTRUMENT_NOT_TRADABLE', { symbol, exchange, reason })]
}

function quantityProblems(field: string, quantity: number, instrument: Instrument): AppErrorOfField[] {
  const { lotSize, symbol } = instrument
  if (lotSize <= 0 || quantity % lotSize === 0) return []
  return [problem(field, 'ORDER_QUANTITY_NOT_LOT_MULTIPLE', { quantity, lotSize, symbol })]
}

function freezeProblems(quantity: number, { freezeQuantity, symbol }: Instrument): AppErrorOfField[] {
  if (freezeQuantity === undefined || quantity <= freezeQuantity) return []
  return [problem('quantity', 'ORDER_QUANTITY_ABOVE_FREEZE', { quantity, freezeQuantity, symbol })]
}

function priceProblems(prices: Prices, instrument: Instrument): AppErrorOfField[] {
  const { tickSize, bandLow: low, bandHigh: high, symbol } = instrument
  return (['price', 'triggerPrice'] as const).flatMap((field) => {
    const price = prices[field]
    if (price === 0) return []
    const isOutside = (low !== undefined && price < low) || (high !== undefined && price > high)
    return [
      ...(isOnTick(price, tickSize)
        ? []
        : [problem(field, 'ORDER_PRICE_OFF_TICK', { price, tickSize, symbol })]),
      ...(isOutside ? [problem(field, 'ORDER_PRICE_OUTSIDE_BAND', { price, low, high, symbol })] : []),
    ]
  })
}

/** True when the price is a whole number of ticks; a price finer than a millionth never is. */
export function isOnTick(price: number, tickSize: number): boolean {
  const priceUnits = Math.round(price * MILLIONTHS)
  const tickUnits = Math.round(tickSize * MILLIONTHS)
  if (tickUnits <= 0) return true
  return priceUnits / MILLIONTHS === price && priceUnits % tickUnits === 0
}
