import { toRupees, toUnits } from './order-book'
import type { BracketLink, CoverLink } from './order-link'
import type { ListedInstrument } from '../universe/listed-instrument'
import { isTerminal, isWaitingStop, type OrderTerms, type SimOrder } from './sim-order'

/** What legs need of the exchange. */
export interface LegDesk {
  makeLeg(leg: Leg): SimOrder
  modify(order: SimOrder, terms: OrderTerms): void
  cancel(order: SimOrder): void
  /** At once, without a way to the exchange: a leg must never do what the other has done already. */
  shrinkNow(order: SimOrder, quantity: number): void
  cancelNow(order: SimOrder): void
  /** A change is on its way to the exchange. */
  isChanging(order: SimOrder): boolean
  firstFillPrice(order: SimOrder): number | undefined
}

/** A leg that an entry's fill calls for. */
export interface Leg {
  readonly entry: SimOrder
  readonly link: Exclude<CoverLink | BracketLink, { kind: 'cover-entry' | 'bracket-entry' }>
  readonly appOrderId?: number | undefined
  readonly terms: OrderTerms
}

type EntryLink = Extract<CoverLink | BracketLink, { kind: 'cover-entry' | 'bracket-entry' }>

interface Family {
  readonly entry: SimOrder
  /** As it is now: the offsets of a bracket may be changed until its legs are made. */
  terms: EntryLink
  target?: SimOrder
  stop?: SimOrder
  basePrice?: number | undefined
}

/**
 * Cover and bracket orders. A leg is as large as what the entry has bought less what the other leg has sold; what one leg
 * trades is taken from the other at once. When a leg trades, what is left of the entry is withdrawn.
 */
export class LinkedOrders {
  private readonly families = new Map<number, Family>()
  private readonly byExit = new Map<number, Family>()
  /** Brackets whose stop follows the market, by instrument. */
  private readonly trailing = new Map<string, Set<Family>>()

  constructor(private readonly desk: LegDesk) {}

  /** An order came to life, or back to it. */
  add(order: SimOrder): void {
    const { link } = order
    if (!link) return
    if (link.kind === 'cover-entry' || link.kind === 'bracket-entry') {
      const family: Family = { entry: order, terms: link }
      this.families.set(order.appOrderId, family)
      if (link.kind === 'cover-entry') this.byExit.set(link.exitOrderId, family)
      return
    }
    const family = this.families.get(link.entryOrderId)
    if (!family) return
    if (link.kind === 'bracket-target') family.target = order
    else family.stop = order
    this.watchTrail(family)
  }

  forgetAll(): void {
    this.families.clear()
    this.byExit.clear()
    this.trailing.clear()
  }

  /** Something happened to an order: its family is put in order. */
  afterChange(order: SimOrder): void {
    const family = this.familyOf(order)
    if (family) this.settle(family)
  }

  /** The price moved: stops that trail follow it. */
  afterMove(instrument: ListedInstrument, lastPrice: number): void {
    if (this.trailing.size === 0) return
    for (const family of this.trailing.get(keyOf(instrument)) ?? []) this.trail(family, lastPrice)
  }

  /** A leg's quantity is not the client's to choose. */
  termsFor(order: SimOrder, asked: OrderTerms): OrderTerms {
    const family = this.familyOf(order)
    if (!family || order === family.entry) return asked
    return { ...asked, quantity: dueQuantity(family, order) }
  }

  /** The entry whose exit has this number, before and after the exit exists. */
  entryOfCover(exitOrderId: number): SimOrder | undefined {
    return this.byExit.get(exitOrderId)?.entry
  }

  isAlive(entry: SimOrder): boolean {
    const family = this.families.get(entry.appOrderId)
    return family !== undefined && [family.entry, family.target, family.stop].some(isOpen)
  }

  /** Out of it all: the entry is withdrawn, what it has bought is sold at the market. */
  exit(entry: SimOrder): void {
    const family = this.families.get(entry.appOrderId)
    if (!family) return
    if (isOpen(family.entry)) this.desk.cancel(family.entry)
    const way = isOpen(family.stop) ? family.stop : family.target
    if (isOpen(way)) this.desk.modify(way, { ...way.state, orderType: 'Market', price: 0, stopPrice: 0 })
  }

  /** New offsets of a bracket whose legs are not made yet; once they are, the stop moves to its new distance. */
  setStopOffset(entry: SimOrder, stopOffset: number): void {
    const family = this.families.get(entry.appOrderId)
    if (family?.terms.kind !== 'bracket-entry') return
    family.terms = { ...family.terms, stopOffset }
    if (isOpen(family.stop)) {
      const stopPrice = this.stopPriceOf(family, 0)
      this.desk.modify(family.stop, { ...family.stop.state, stopPrice })
    }
  }

  private settle(family: Family): void {
    const { entry } = family
    if (entry.state.filledQuantity === 0) return
    if (!family.stop) this.makeLegs(family)
    const { target, stop } = family
    const hasLegTraded = (target?.state.filledQuantity ?? 0) + (stop?.state.filledQuantity ?? 0) > 0
    if (hasLegTraded && isOpen(entry)) this.desk.cancelNow(entry)
    for (const leg of [target, stop]) if (leg && isOpen(leg)) this.fit(family, leg)
  }

  /** The stop first: protection before profit. */
  private makeLegs(family: Family): void {
    const { entry, terms } = family
    const quantity = entry.state.filledQuantity
    const { productType } = entry.state
    const of = (changes: Partial<OrderTerms>): OrderTerms => ({
      orderType: 'StopMarket', productType, timeInForce: 'DAY', quantity, disclosedQuantity: 0, price: 0, stopPrice: 0, ...changes,
    }) // prettier-ignore
    const entryOrderId = entry.appOrderId
    if (terms.kind === 'cover-entry') {
      const { exitOrderId: appOrderId, stopPrice } = terms
      this.desk.makeLeg({
        entry,
        link: { kind: 'cover-exit', entryOrderId },
        appOrderId,
        terms: of({ stopPrice }),
      })
      return
    }
    const price = this.awayFromEntry(family, terms.targetOffset)
    this.desk.makeLeg({
      entry,
      link: { kind: 'bracket-stop', entryOrderId },
      terms: of({ stopPrice: this.stopPriceOf(family, 0) }),
    })
    this.desk.makeLeg({
      entry,
      link: { kind: 'bracket-target', entryOrderId },
      terms: of({ orderType: 'Limit', price }),
    })
  }

  /** Smaller at once, larger by way of the exchange; an order that is still on its way there waits. */
  private fit(family: Family, leg: SimOrder): void {
    if (leg.state.exchangeOrderId === '') return
    const due = dueQuantity(family, leg)
    if (due <= leg.state.filledQuantity) this.desk.cancelNow(leg)
    else if (due < leg.state.quantity) this.desk.shrinkNow(leg, due)
    else if (due > leg.state.quantity && !this.desk.isChanging(leg))
      this.desk.modify(leg, { ...leg.state, quantity: due })
  }

  private watchTrail(family: Family): void {
    if (family.terms.kind !== 'bracket-entry' || family.terms.trailBy <= 0 || !family.stop) return
    const key = keyOf(family.entry.instrument)
    this.trailing.set(key, (this.trailing.get(key) ?? new Set<Family>()).add(family))
  }

  private trail(family: Family, lastPrice: number): void {
    const { terms, stop, entry } = family
    if (terms.kind !== 'bracket-entry' || !stop || !isOpen(stop) || !isWaitingStop(stop.state)) {
      this.trailing.get(keyOf(entry.instrument))?.delete(family)
      return
    }
    if (stop.state.exchangeOrderId === '' || this.desk.isChanging(stop)) return
    const way = toUnits(lastPrice) - toUnits(this.basePrice(family))
    const steps = Math.floor((entry.side === 'BUY' ? way : -way) / toUnits(terms.trailBy))
    const stopPrice = this.stopPriceOf(family, Math.max(0, steps) * terms.trailBy)
    const isBetter =
      entry.side === 'BUY' ? stopPrice > stop.state.stopPrice : stopPrice < stop.state.stopPrice
    if (isBetter) this.desk.modify(stop, { ...stop.state, stopPrice })
  }

  private stopPriceOf(family: Family, gained: number): number {
    const offset = family.terms.kind === 'bracket-entry' ? family.terms.stopOffset : 0
    return this.awayFromEntry(family, gained - offset)
  }

  /** Rupees, this much on the winning side of the entry. */
  private awayFromEntry(family: Family, offset: number): number {
    const units = toUnits(offset) * (family.entry.side === 'BUY' ? 1 : -1)
    return toRupees(toUnits(this.basePrice(family)) + units)
  }

  /** Rupees: looked for once, among all trades of the day. */
  private basePrice(family: Family): number {
    family.basePrice ??= this.desk.firstFillPrice(family.entry)
    return family.basePrice ?? family.entry.state.price
  }

  private familyOf({ link, appOrderId }: SimOrder): Family | undefined {
    if (!link) return undefined
    return this.families.get('entryOrderId' in link ? link.entryOrderId : appOrderId)
  }
}

function isOpen(order: SimOrder | undefined): order is SimOrder {
  return order !== undefined && !isTerminal(order.state)
}

/** What the entry has bought, less what the other leg has sold of it. */
function dueQuantity({ entry, target, stop }: Family, leg: SimOrder): number {
  const other = leg === target ? stop : target
  return entry.state.filledQuantity - (other?.state.filledQuantity ?? 0)
}

const keyOf = ({ segment, token }: ListedInstrument): string => `${segment}|${token}`
