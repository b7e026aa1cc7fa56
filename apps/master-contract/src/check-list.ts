import type { Segment, SegmentCount } from '@xts-bridge/contracts'
import { EXPECTED_REFUSALS, INDEX_LIST } from '@xts-bridge/xts'

/** A segment may lose this much of the last good list's instruments; a broken download loses more. */
const LEAST_PERCENT_OF_LAST_GOOD = 50
/** More unreadable rows than this, and the layout is not the one we know. */
const MOST_PERCENT_REFUSED = 10

export interface ListToCheck {
  readonly asked: readonly Segment[]
  readonly counts: readonly SegmentCount[]
  /** Of the list in force; empty when there is none. */
  readonly lastGood: readonly SegmentCount[]
}

/** Why a list must not replace the last good one; empty when it may. */
export function problemsOfList({ asked, counts, lastGood }: ListToCheck): readonly string[] {
  const wanted: readonly string[] = [...asked, INDEX_LIST]
  const problems = counts.flatMap((count) =>
    wanted.includes(count.segment)
      ? problemsOfSegment(count)
      : [`${count.rows} rows are of segment "${count.segment}", which was not asked for`],
  )
  for (const last of lastGood) {
    if (wanted.includes(last.segment)) problems.push(...lossesSince(last, counts))
  }
  const total = counts.reduce((sum, { instruments }) => sum + instruments, 0)
  return total === 0 ? [...problems, 'the list has not one instrument'] : problems
}

function problemsOfSegment({ segment, rows, instruments, refused }: SegmentCount): readonly string[] {
  if (rows > 0 && instruments === 0) {
    return [`not one of the ${rows} rows of ${segment} is an instrument (${describeRefusals(refused)})`]
  }
  const expected = EXPECTED_REFUSALS.reduce((sum, reason) => sum + (refused[reason] ?? 0), 0)
  const unexpected = rows - instruments - expected
  return unexpected * 100 > rows * MOST_PERCENT_REFUSED
    ? [`${unexpected} of the ${rows} rows of ${segment} are refused (${describeRefusals(refused)})`]
    : []
}

function lossesSince(last: SegmentCount, counts: readonly SegmentCount[]): readonly string[] {
  const now = counts.find(({ segment }) => segment === last.segment)?.instruments ?? 0
  return now * 100 < last.instruments * LEAST_PERCENT_OF_LAST_GOOD
    ? [`${last.segment} has ${now} instruments and the last good list had ${last.instruments}`]
    : []
}

function describeRefusals(refused: SegmentCount['refused']): string {
  return Object.entries(refused)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, rows]) => `${reason} ${rows}`)
    .join(', ')
}
