export * from './master-parser'
export type { ListedIndex } from './instruments-from-indices'
export { EXPECTED_REFUSALS, REFUSAL_REASONS, type RefusalReason } from './refusal-reasons'
