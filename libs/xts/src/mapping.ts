import {
  assertNever,
  isSegment,
  type OrderState,
  type PriceType,
  type Product,
  type Segment,
  type Side,
  type Validity,
} from '@xts-bridge/contracts'
import { NotOurs, quoted, Unreadable } from './unreadable'
import type { XtsOrderSide, XtsOrderStatus, XtsOrderType, XtsProductType, XtsTimeInForce } from './wire'

export function toXtsOrderType(priceType: PriceType): XtsOrderType {
  switch (priceType) {
    case 'MARKET':
      return 'MARKET'
    case 'LIMIT':
      return 'LIMIT'
    case 'SL':
      return 'STOPLIMIT'
    case 'SL-M':
      return 'STOPMARKET'
    default:
      return assertNever(priceType)
  }
}

/** Either spelling. A stop order that was triggered reads as Market or Limit, and its stop price stays. */
export function fromXtsOrderType(text: string): PriceType {
  switch (text.toUpperCase()) {
    case 'MARKET':
      return 'MARKET'
    case 'LIMIT':
      return 'LIMIT'
    case 'STOPLIMIT':
      return 'SL'
    case 'STOPMARKET':
      return 'SL-M'
    default:
      throw new Unreadable(`OrderType is not known: ${quoted(text)}`)
  }
}

export function toXtsSide(side: Side): XtsOrderSide {
  switch (side) {
    case 'BUY':
      return 'BUY'
    case 'SELL':
      return 'SELL'
    default:
      return assertNever(side)
  }
}

/** `BUY`, `Buy`: the case differs between the books and the socket. */
export function fromXtsSide(text: string): Side {
  switch (text.toUpperCase()) {
    case 'BUY':
      return 'BUY'
    case 'SELL':
      return 'SELL'
    default:
      throw new Unreadable(`OrderSide is not known: ${quoted(text)}`)
  }
}

export function toXtsProduct(product: Product): XtsProductType {
  switch (product) {
    case 'MIS':
      return 'MIS'
    case 'NRML':
      return 'NRML'
    case 'CNC':
      return 'CNC'
    default:
      return assertNever(product)
  }
}

/** Throws NotOurs for CO, BO, MTF and whatever else a terminal may trade; we send three products only. */
export function fromXtsProduct(text: string): Product {
  switch (text.toUpperCase()) {
    case 'MIS':
      return 'MIS'
    case 'NRML':
      return 'NRML'
    case 'CNC':
      return 'CNC'
    default:
      throw new NotOurs(`ProductType ${quoted(text)}`)
  }
}

export function toXtsValidity(validity: Validity): XtsTimeInForce {
  switch (validity) {
    case 'DAY':
      return 'DAY'
    case 'IOC':
      return 'IOC'
    default:
      return assertNever(validity)
  }
}

/** Throws NotOurs for GTC, GTD, EOS, None and the like, which only a terminal can place. */
export function fromXtsValidity(text: string): Validity {
  switch (text.toUpperCase()) {
    case 'DAY':
      return 'DAY'
    case 'IOC':
      return 'IOC'
    default:
      throw new NotOurs(`TimeInForce ${quoted(text)}`)
  }
}

/** Throws NotOurs for a segment that we do not trade. */
export function fromXtsSegmentName(text: string): Segment {
  if (!isSegment(text)) throw new NotOurs(`ExchangeSegment ${quoted(text)}`)
  return text
}

/** Where a status places an order: not yet at the exchange, live there, or at its end. */
const STANDING = {
  PendingNew: 'accepted',
  New: 'live',
  Open: 'live',
  PartiallyFilled: 'live',
  Replaced: 'live',
  PendingReplace: 'live',
  PendingCancel: 'live',
  Filled: 'filled',
  Cancelled: 'cancelled',
  Expired: 'cancelled',
  Rejected: 'rejected',
} as const satisfies Record<XtsOrderStatus, OrderState | 'live'>

function isXtsOrderStatus(text: string): text is XtsOrderStatus {
  return Object.hasOwn(STANDING, text)
}

/**
 * Our state of an order row. An order that is live at the exchange is open or partially filled by what it has filled, not
 * by its status, since a replaced order with fills is not told as PartiallyFilled until it fills again.
 */
export function fromXtsOrderStatus(text: string, filledQuantity: number): OrderState {
  if (!isXtsOrderStatus(text)) throw new Unreadable(`OrderStatus is not known: ${quoted(text)}`)
  const standing = STANDING[text]
  if (standing === 'live') return filledQuantity > 0 ? 'partially-filled' : 'open'
  return standing === 'accepted' && filledQuantity > 0 ? 'partially-filled' : standing
}
