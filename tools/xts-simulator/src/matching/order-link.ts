/** An order that is part of a cover order: the entry, or the stop order that covers it. Prices in rupees. */
export type CoverLink =
  | { readonly kind: 'cover-entry'; readonly exitOrderId: number; readonly stopPrice: number }
  | { readonly kind: 'cover-exit'; readonly entryOrderId: number }

/** An order that is part of a bracket order. Offsets in rupees from the price of the entry's first fill. */
export type BracketLink =
  | {
      readonly kind: 'bracket-entry'
      readonly targetOffset: number
      readonly stopOffset: number
      /** The stop follows the market in steps of this much; 0 stays. */
      readonly trailBy: number
    }
  | { readonly kind: 'bracket-target'; readonly entryOrderId: number }
  | { readonly kind: 'bracket-stop'; readonly entryOrderId: number }

/** What an order has to do with others. */
export type OrderLink = CoverLink | BracketLink

/** The order that began it all; undefined for an entry. */
export function entryIdOf(link: OrderLink): number | undefined {
  return 'entryOrderId' in link ? link.entryOrderId : undefined
}

export function isEntry(link: OrderLink): boolean {
  return link.kind === 'cover-entry' || link.kind === 'bracket-entry'
}
