/** Segment names with their numbers: names in the interactive API, numbers in the market-data API. */
export const SEGMENT_NUMBERS = {
  NSECM: 1,
  NSEFO: 2,
  NSECD: 3,
  BSECM: 11,
  BSEFO: 12,
  BSECD: 13,
  MCXFO: 51,
} as const

export type SegmentName = keyof typeof SEGMENT_NUMBERS

export const SEGMENT_NAMES = Object.keys(SEGMENT_NUMBERS) as SegmentName[]

export function isSegmentName(name: unknown): name is SegmentName {
  return typeof name === 'string' && Object.hasOwn(SEGMENT_NUMBERS, name)
}

export function segmentNamed(segmentNumber: number): SegmentName | undefined {
  return SEGMENT_NAMES.find((name) => SEGMENT_NUMBERS[name] === segmentNumber)
}

/** Cash segments hold shares and bonds; the rest are derivatives. */
export function isCashSegment(segment: SegmentName): boolean {
  return segment === 'NSECM' || segment === 'BSECM'
}
