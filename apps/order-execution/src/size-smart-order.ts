import type { Side } from '@xts-bridge/contracts'

export interface SmartPosition {
  readonly netPosition: number
  readonly targetPosition: number
  readonly whenFlat?: { readonly side: Side; readonly quantity: number } | undefined
}

/** What brings the position to its target; undefined when it is there. */
export interface SmartStep {
  readonly side: Side
  readonly quantity: number
}

/** The difference as one order; `whenFlat` only when there is nothing to close and nothing to open. */
export function sizeSmartOrder({
  netPosition,
  targetPosition,
  whenFlat,
}: SmartPosition): SmartStep | undefined {
  const difference = targetPosition - netPosition
  if (difference > 0) return { side: 'BUY', quantity: difference }
  if (difference < 0) return { side: 'SELL', quantity: -difference }
  return targetPosition === 0 ? whenFlat : undefined
}

/** True when going to the target can only make the position smaller, and never opens the other side. */
export function isReducing({ netPosition, targetPosition }: SmartPosition): boolean {
  if (netPosition > 0) return targetPosition >= 0 && targetPosition < netPosition
  return targetPosition <= 0 && targetPosition > netPosition
}

/** The quantity in orders that are each at most the freeze limit and a multiple of the lot. */
export function sliceQuantity(
  quantity: number,
  { freezeQuantity, lotSize }: { readonly freezeQuantity?: number | undefined; readonly lotSize: number },
): readonly number[] {
  if (freezeQuantity === undefined || quantity <= freezeQuantity) return [quantity]
  const largest = lotSize > 0 ? Math.floor(freezeQuantity / lotSize) * lotSize : freezeQuantity
  // A freeze limit below one lot cannot be met by slicing; the check of the order then names it.
  if (largest <= 0) return [quantity]
  const slices = Array.from({ length: Math.floor(quantity / largest) }, () => largest)
  const rest = quantity % largest
  return rest === 0 ? slices : [...slices, rest]
}
