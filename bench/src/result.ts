/** What one measurement found: figures in `unit`, and ratios against a named peer or limit of the same run. */
export interface BenchResult {
  readonly name: string
  readonly unit: string
  readonly figures: Readonly<Record<string, number>>
  readonly ratios: Readonly<Record<string, { readonly value: number; readonly limit?: number | undefined }>>
}
