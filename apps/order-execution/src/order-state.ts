import type { ChangeState, Fill, OrderEventVerb, OrderState } from '@xts-bridge/contracts'
import type { ChangeShown, FillEvidence, IntendedOrder, OrderEvidence } from '@xts-bridge/persistence'

/** What shows where an order stands, beside its fills. */
export type EvidenceKind =
  | 'reply lost'
  | 'not sent'
  | 'proven absent'
  | 'refused by reply'
  | 'acknowledged'
  | 'row accepted'
  | 'row open'
  | 'row filled'
  | 'row rejected'
  | 'row cancelled'

interface EvidenceRow {
  readonly shows: OrderState
  /** The broker will do nothing more with the order. */
  readonly ends: boolean
  /** What is known later contradicts what was known: the order exists although it was thought not to. */
  readonly isThoughtGone: boolean
}

/**
 * The state table: weakest evidence first. Evidence only ever moves an order down this table, so neither order nor
 * repetition matters. A refusal in a reply is weaker than a row: what stands in the book exists. A row never proves a
 * fill; "filled" on a row waits for the trade records.
 */
export const EVIDENCE_TABLE: Readonly<Record<EvidenceKind, EvidenceRow>> = {
  'reply lost': { shows: 'unknown', ends: false, isThoughtGone: false },
  'not sent': { shows: 'absent', ends: true, isThoughtGone: true },
  'proven absent': { shows: 'absent', ends: true, isThoughtGone: true },
  'refused by reply': { shows: 'rejected', ends: true, isThoughtGone: true },
  acknowledged: { shows: 'accepted', ends: false, isThoughtGone: false },
  'row accepted': { shows: 'accepted', ends: false, isThoughtGone: false },
  'row open': { shows: 'open', ends: false, isThoughtGone: false },
  'row filled': { shows: 'open', ends: true, isThoughtGone: false },
  'row rejected': { shows: 'rejected', ends: true, isThoughtGone: false },
  'row cancelled': { shows: 'cancelled', ends: true, isThoughtGone: false },
}
const STRENGTH = Object.keys(EVIDENCE_TABLE) as readonly EvidenceKind[]

/** What shows where a modification or cancellation stands. */
export type ChangeEvidenceKind = 'reply lost' | 'not sent' | 'refused by reply' | 'acknowledged' | ChangeShown

interface ChangeEvidenceRow {
  readonly shows: ChangeState
  readonly ends: boolean
  /** A row of the order can still say more. */
  readonly isOpenToRows: boolean
}

/**
 * The same table for a modification or cancellation, weakest evidence first. An order that a late healthy read shows
 * unchanged ends it, and a row that shows the change after all is stronger.
 */
export const CHANGE_TABLE: Readonly<Record<ChangeEvidenceKind, ChangeEvidenceRow>> = {
  'reply lost': { shows: 'unknown', ends: false, isOpenToRows: true },
  'not sent': { shows: 'not-sent', ends: true, isOpenToRows: false },
  'refused by reply': { shows: 'refused', ends: true, isOpenToRows: false },
  acknowledged: { shows: 'requested', ends: false, isOpenToRows: true },
  'proven without effect': { shows: 'no-effect', ends: true, isOpenToRows: true },
  'row refuses': { shows: 'refused', ends: true, isOpenToRows: false },
  'row overtakes': { shows: 'overtaken', ends: true, isOpenToRows: false },
  'row shows it': { shows: 'done', ends: true, isOpenToRows: false },
}

/** Everything known of one order. Facts only grow; the state follows from them. */
export interface OrderFacts {
  readonly order: IntendedOrder
  /** Strongest evidence so far; undefined while the first call is under way. */
  readonly shown?: EvidenceKind | undefined
  /** A row said "filled". */
  readonly isReportedFilled: boolean
  /** Largest quantity a row named; above the intended one when the order was enlarged at the broker. */
  readonly quantity: number
  /** Largest filled quantity a row named; a cross-check, never a fill. */
  readonly reportedFilled: number
  /** By segment, trade id and broker order id. */
  readonly fills: ReadonlyMap<string, FillEvidence>
  /** The newest row: it has the terms that modifications left. */
  readonly lastRow?: OrderEvidence | undefined
  readonly brokerOrderId?: string | undefined
  readonly reason?: string | undefined
}

/** The facts of an order of which nothing but its intent is known. */
export function intendedFacts(order: IntendedOrder): OrderFacts {
  return { order, isReportedFilled: false, quantity: order.quantity, reportedFilled: 0, fills: new Map() }
}

/** Adds what a reply, or a proof of absence, showed. */
export function addEvidence(
  facts: OrderFacts,
  kind: EvidenceKind,
  said: { readonly brokerOrderId?: string | undefined; readonly reason?: string | undefined } = {},
): OrderFacts {
  const isStronger = isStrongerThan(kind, facts.shown)
  return {
    ...facts,
    shown: isStronger ? kind : facts.shown,
    brokerOrderId: facts.brokerOrderId ?? said.brokerOrderId,
    reason: isStronger && said.reason !== undefined && said.reason !== '' ? said.reason : facts.reason,
  }
}

/** Adds what a row of the order book, or an event of the order socket, said. */
export function addRow(facts: OrderFacts, row: OrderEvidence): OrderFacts {
  const shown = addEvidence(facts, rowKind(row.state), row)
  return {
    ...shown,
    isReportedFilled: facts.isReportedFilled || row.state === 'filled',
    quantity: Math.max(facts.quantity, row.quantity),
    reportedFilled: Math.max(facts.reportedFilled, row.filledQuantity),
    lastRow: newerRow(facts.lastRow, row),
  }
}

/** Adds a fill; the same facts when it is known already. */
export function addFill(facts: OrderFacts, fill: FillEvidence): OrderFacts {
  const key = fillKey(fill)
  if (facts.fills.has(key)) return facts
  return {
    ...facts,
    brokerOrderId: facts.brokerOrderId ?? fill.brokerOrderId,
    fills: new Map(facts.fills).set(key, fill),
  }
}

/** What is known of one order from two sides that did not know they meant the same. */
export function mergeFacts(ours: OrderFacts, other: OrderFacts): OrderFacts {
  const isStronger = other.shown !== undefined && isStrongerThan(other.shown, ours.shown)
  return {
    order: ours.order,
    shown: isStronger ? other.shown : ours.shown,
    isReportedFilled: ours.isReportedFilled || other.isReportedFilled,
    quantity: Math.max(ours.quantity, other.quantity),
    reportedFilled: Math.max(ours.reportedFilled, other.reportedFilled),
    fills: new Map([...other.fills, ...ours.fills]),
    lastRow: other.lastRow === undefined ? ours.lastRow : newerRow(ours.lastRow, other.lastRow),
    brokerOrderId: ours.brokerOrderId ?? other.brokerOrderId,
    reason: isStronger ? (other.reason ?? ours.reason) : (ours.reason ?? other.reason),
  }
}

/** A trade id is unique within its segment and day; with the order id no other day's can meet it. */
export function fillKey(fill: Pick<FillEvidence, 'segment' | 'tradeId' | 'brokerOrderId'>): string {
  return `${fill.segment}|${fill.tradeId}|${fill.brokerOrderId}`
}

export function filledQuantity(facts: OrderFacts): number {
  let total = 0
  for (const fill of facts.fills.values()) total += fill.quantity
  return total
}

/** Rupees; undefined until something filled. */
export function averagePrice(facts: OrderFacts): number | undefined {
  const quantity = filledQuantity(facts)
  if (quantity === 0) return undefined
  let value = 0
  for (const fill of facts.fills.values()) value += fill.quantity * fill.price
  return value / quantity
}

export function stateOf(facts: OrderFacts): OrderState {
  if (isFullyFilled(facts)) return 'filled'
  const row = facts.shown === undefined ? undefined : EVIDENCE_TABLE[facts.shown]
  if (row?.ends === true && !row.isThoughtGone && facts.shown !== 'row filled') return row.shows
  if (facts.fills.size > 0) return 'partially-filled'
  return row?.shows ?? 'intended'
}

/** The broker may still act on the order, or we do not know that it will not. */
export function isLive(facts: OrderFacts): boolean {
  return !hasEnded(facts)
}

/** Nothing more will come: it ended, and the trade records reach what the rows said was filled. */
export function isSettled(facts: OrderFacts): boolean {
  return hasEnded(facts) && filledQuantity(facts) >= facts.reportedFilled
}

/** No evidence from the broker yet: neither a reply nor a row nor a fill. */
export function isUnresolved(facts: OrderFacts): boolean {
  return (facts.shown === undefined || facts.shown === 'reply lost') && facts.fills.size === 0
}

const VERB_OF_STATE: Readonly<Record<OrderState, OrderEventVerb | undefined>> = {
  intended: undefined,
  unknown: 'unknown',
  accepted: 'accepted',
  open: 'opened',
  'partially-filled': undefined,
  filled: 'filled',
  cancelled: 'cancelled',
  rejected: 'rejected',
  absent: undefined,
}

/** What to tell about a change, in order; `fill` belongs to the last. */
export function verbsOf(before: OrderFacts, after: OrderFacts, fill?: Fill): readonly OrderEventVerb[] {
  const from = stateOf(before)
  const to = stateOf(after)
  const verbs: OrderEventVerb[] = []
  if (from === 'unknown' && to !== 'unknown') verbs.push('resolved')
  if (isThoughtGone(before) && !isThoughtGone(after)) verbs.push('resurrected')
  if (fill !== undefined) verbs.push(to === 'filled' ? 'filled' : 'partially-filled')
  else if (from !== to) verbs.push(...[VERB_OF_STATE[to]].filter((verb) => verb !== undefined))
  return verbs
}

/** A row the broker stamped in an earlier second is an old one; books have no fractions. */
export function newerRow(known: OrderEvidence | undefined, row: OrderEvidence): OrderEvidence {
  return known !== undefined && isOlderRow(row, known) ? known : row
}

export function isOlderRow(row: OrderEvidence, known: OrderEvidence): boolean {
  if (row.rowAtMs === undefined || known.rowAtMs === undefined) return false
  return Math.floor(row.rowAtMs / 1_000) < Math.floor(known.rowAtMs / 1_000)
}

function isFullyFilled(facts: OrderFacts): boolean {
  const total = filledQuantity(facts)
  if (total === 0) return false
  return total >= facts.quantity || (facts.isReportedFilled && total >= facts.reportedFilled)
}

function hasEnded(facts: OrderFacts): boolean {
  if (isFullyFilled(facts) || facts.isReportedFilled) return true
  if (facts.shown === undefined) return false
  const { ends, isThoughtGone: isGone } = EVIDENCE_TABLE[facts.shown]
  return ends && !(isGone && facts.fills.size > 0)
}

function isThoughtGone(facts: OrderFacts): boolean {
  if (facts.shown === undefined || facts.fills.size > 0) return false
  return EVIDENCE_TABLE[facts.shown].isThoughtGone
}

function isStrongerThan(kind: EvidenceKind, shown: EvidenceKind | undefined): boolean {
  return shown === undefined || STRENGTH.indexOf(kind) > STRENGTH.indexOf(shown)
}

/** A row is proof that the order exists, so the states in which it might not cannot come from one. */
function rowKind(state: OrderState): EvidenceKind {
  switch (state) {
    case 'intended':
    case 'unknown':
    case 'absent':
    case 'accepted':
      return 'row accepted'
    case 'open':
    case 'partially-filled':
      return 'row open'
    case 'filled':
      return 'row filled'
    case 'rejected':
      return 'row rejected'
    case 'cancelled':
      return 'row cancelled'
  }
}
