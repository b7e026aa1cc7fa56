import type { ChangeKind, ChangeState, OrderEventVerb, OrderState } from '@xts-bridge/contracts'
import type { ChangeShown, OrderEvidence, OrderTerms } from '@xts-bridge/persistence'
import { CHANGE_TABLE, type ChangeEvidenceKind } from './order-state'
import { showsTerms } from './order-terms'

const STRENGTH = Object.keys(CHANGE_TABLE) as readonly ChangeEvidenceKind[]

export { CHANGE_TABLE, type ChangeEvidenceKind }

export function changeStateOf(shown: ChangeEvidenceKind | undefined): ChangeState {
  return shown === undefined ? 'intended' : CHANGE_TABLE[shown].shows
}

/** The stronger of what was known of a change and what is known now. */
export function strongerOf(
  shown: ChangeEvidenceKind | undefined,
  kind: ChangeEvidenceKind,
): ChangeEvidenceKind {
  return shown === undefined || STRENGTH.indexOf(kind) > STRENGTH.indexOf(shown) ? kind : shown
}

/** What rows can still say something of: everything but a change the broker's reply refused, or that never left us. */
export function isOpenToRows(shown: ChangeEvidenceKind | undefined): boolean {
  return shown === undefined || CHANGE_TABLE[shown].isOpenToRows
}

interface Judged {
  readonly change: ChangeKind
  readonly terms?: OrderTerms | undefined
  readonly reasonBefore?: string | undefined
  readonly wasOnItsWay: boolean
}

/** What a row that was read or heard after the change was intended shows of it; undefined when it shows nothing yet. */
export function judgeRow(change: Judged, row: OrderEvidence): ChangeShown | undefined {
  if (row.isChanging === true) return undefined
  if (isAsAsked(change, row)) return 'row shows it'
  if (hasEnded(row.state)) return 'row overtakes'
  const { reason = '' } = row
  const isNewReason = reason !== '' && (change.wasOnItsWay || reason !== change.reasonBefore)
  return isNewReason ? 'row refuses' : undefined
}

/** What a row of a healthy read shows that began long enough after the send. */
export function judgeLateRow(change: Judged, row: OrderEvidence): ChangeShown | undefined {
  if (row.isChanging === true) return undefined
  return judgeRow(change, row) ?? 'proven without effect'
}

/** What to tell about a change, in order. */
export function changeVerbsOf(
  change: ChangeKind,
  before: ChangeEvidenceKind | undefined,
  after: ChangeEvidenceKind,
): readonly OrderEventVerb[] {
  const from = changeStateOf(before)
  const to = changeStateOf(after)
  if (from === to) return []
  if (to === 'unknown') return ['unknown']
  const verbs: OrderEventVerb[] = from === 'unknown' ? ['resolved'] : []
  if (from === 'no-effect' && to === 'done') verbs.push('resurrected')
  if (to === 'done' && change === 'modify') verbs.push('modified')
  if (to === 'refused' || to === 'no-effect') verbs.push('change-refused')
  return verbs
}

function isAsAsked({ change, terms }: Judged, row: OrderEvidence): boolean {
  if (change === 'cancel') return row.state === 'cancelled'
  return row.state !== 'rejected' && terms !== undefined && showsTerms(row, terms)
}

function hasEnded(state: OrderState): boolean {
  return state === 'cancelled' || state === 'filled' || state === 'rejected'
}
