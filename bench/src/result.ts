/** What one measurement found: figures in `unit`, and ratios against a named peer or limit of the same run. */
export interface BenchResult {
  readonly name: string
  readonly unit: string
  readonly figures: Readonly<Record<string, number>>
  readonly ratios: Readonly<Record<string, { readonly value: number; readonly limit?: number | undefined }>>
  /** What a reader must know to read the figures right. */
  readonly notes?: readonly string[] | undefined
}

/** The result as lines for a terminal; a ratio above its limit says so. */
export function printResult({ name, unit, figures, ratios, notes = [] }: BenchResult): string {
  const width = Math.max(0, ...[...Object.keys(figures), ...Object.keys(ratios)].map((key) => key.length))
  const line = (key: string, text: string): string => `  ${key.padEnd(width)}  ${text}`
  return [
    name,
    ...Object.entries(figures).map(([key, value]) => line(key, `${value.toFixed(1)} ${unit}`)),
    ...Object.entries(ratios).map(([key, { value, limit }]) => line(key, ratioText(value, limit))),
    ...notes.map((note) => `  ${note}`),
    '',
  ].join('\n')
}

/** The value below which `share` (0 to 1) of the values lie; NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

function ratioText(value: number, limit: number | undefined): string {
  const ratio = `${value.toFixed(2)}x`
  if (limit === undefined) return ratio
  return `${ratio} (${value <= limit ? 'within' : 'ABOVE'} the limit of ${limit}x)`
}
