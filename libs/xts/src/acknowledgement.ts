import { isRecord, optionalText, type XtsRecord } from './fields'
import type { CallOutcome } from './model'
import { Unreadable } from './unreadable'

/** The longest tag that the broker is known to give back in full. */
const MAX_TAG_LENGTH = 18

/** Undefined when the tag can be found again in the broker's books. */
export function tagProblem(tag: string): string | undefined {
  const isSound = tag !== '' && tag.length <= MAX_TAG_LENGTH
  return isSound ? undefined : `the order tag must have 1 to ${MAX_TAG_LENGTH} characters`
}

export function notSent(reason: string): CallOutcome<never> {
  return { kind: 'not-sent', reason, isSessionMissing: false }
}

/** A result that is a record, or a list of just one. Throws Unreadable. */
export function onlyRecord(result: unknown): XtsRecord {
  const single: unknown = Array.isArray(result) && result.length === 1 ? result[0] : result
  if (!isRecord(single)) throw new Unreadable('the broker answered without a result')
  return single
}

/** The answer to an order of ours; one that names another tag is not ours to trust. Throws Unreadable. */
export function withTag(result: unknown, tag: string): XtsRecord {
  const single = onlyRecord(result)
  const echoed = optionalText(single, 'OrderUniqueIdentifier')
  if (echoed !== undefined && echoed !== tag)
    throw new Unreadable('the broker answered for an order with another tag')
  return single
}
