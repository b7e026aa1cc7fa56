import { SEGMENTS, type Segment } from '@xts-bridge/contracts'

/** A cash row in the layout of 2026 (documented). */
export function cashRow(segment: 'NSECM' | 'BSECM', name: string, token: number, lotSize = 1): string {
  const id = `${SEGMENTS[segment]}1001${String(token).padStart(8, '0')}`
  const series = segment === 'NSECM' ? 'EQ' : 'A'
  const coded = `${name}-${series}`
  return `${segment}|${token}|8|${name}|${coded}|${series}|${coded}|${id}|110|90|1000|0.05|${lotSize}|1|${name}|INE002A01018|1|1|${name} LTD|0|-1|-1`
}

/** Rows S<from>, S<from + 1>, … of one cash segment as one text. */
export function cashText(segment: 'NSECM' | 'BSECM', count: number, from = 1): string {
  return Array.from({ length: count }, (_, at) => cashRow(segment, `S${from + at}`, from + at)).join('\n')
}

/** Texts per segment; one that is missing is empty. */
export type Texts = Partial<Record<Segment, string>>
