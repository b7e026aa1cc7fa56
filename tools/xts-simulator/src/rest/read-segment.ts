import { isSegmentName, segmentNamed, type SegmentName } from '../universe/segments'
import type { FieldReader } from './field-reader'

/** A segment by its number or its name, as market-data queries have it; undefined after an error. */
export function readSegment(fields: FieldReader, name = 'exchangeSegment'): SegmentName | undefined {
  const asked = fields.text(name)
  const segment = isSegmentName(asked) ? asked : segmentNamed(Number(asked))
  if (asked !== '' && !segment) fields.refuse(name, 'must be a known segment', 'any.allowOnly')
  return segment
}
