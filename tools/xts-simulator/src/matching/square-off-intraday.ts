import type { Account } from '../state/account'
import type { OrderLedger } from '../state/order-ledger'
import { netQuantity, type Position, type PositionKeeper } from '../state/position-keeper'
import type { SegmentName } from '../universe/segments'
import type { NewOrder } from './exchange'
import { INTRADAY_PRODUCTS } from './order-acceptance'
import { largestOrder } from './order-checks'
import { isTerminal, type SimOrder } from './sim-order'

export interface SquareOffParts {
  readonly accounts: readonly Account[]
  readonly ledger: OrderLedger
  readonly positions: PositionKeeper
  withdraw(order: SimOrder, reason: string): void
  submit(draft: NewOrder): void
}

export const SQUARE_OFF_REASON = 'RMS:Order cancelled by intraday square off'

/** The risk system closes what must not outlive the day: first no more orders, then no more positions. */
export function squareOffIntraday(segment: SegmentName, parts: SquareOffParts): void {
  for (const account of parts.accounts) {
    for (const clientCode of account.clientCodes) squareOffClient({ account, clientCode }, segment, parts)
  }
}

interface Owner {
  readonly account: Account
  readonly clientCode: string
}

function squareOffClient({ account, clientCode }: Owner, segment: SegmentName, parts: SquareOffParts): void {
  const orders = parts.ledger.ordersOf(clientCode).filter((order) => order.account.userId === account.userId)
  for (const order of orders) {
    if (isIntraday(order, segment) && !isTerminal(order.state)) parts.withdraw(order, SQUARE_OFF_REASON)
  }
  for (const position of parts.positions.ofClient(clientCode)) {
    const isOurs = position.loginId === account.userId && position.instrument.segment === segment
    if (isOurs && INTRADAY_PRODUCTS.includes(position.productType)) close(position, account, parts)
  }
}

const isIntraday = ({ instrument, state }: SimOrder, segment: SegmentName): boolean =>
  instrument.segment === segment && INTRADAY_PRODUCTS.includes(state.productType)

/** Market orders of the risk system's own, none above the freeze limit. */
function close(position: Position, account: Account, parts: SquareOffParts): void {
  const { clientCode, instrument, productType } = position
  const net = netQuantity(position)
  const largest = wholeLots(largestOrder(instrument) ?? Number.MAX_SAFE_INTEGER, instrument.lotSize)
  for (let left = Math.abs(net); left > 0; left -= largest) {
    parts.submit({
      account, clientCode, clientIdEcho: clientCode, instrument, apiOrderSource: '', isRms: true, tag: '',
      side: net > 0 ? 'SELL' : 'BUY',
      terms: {
        orderType: 'Market', productType, timeInForce: 'DAY', quantity: Math.min(left, largest), disclosedQuantity: 0,
        price: 0, stopPrice: 0,
      },
    }) // prettier-ignore
  }
}

const wholeLots = (quantity: number, lotSize: number): number =>
  Math.max(lotSize, Math.floor(quantity / lotSize) * lotSize)
