import type { TickMode } from '@xts-bridge/contracts'
import { ClientError } from './client-request'

const BY_NUMBER = new Map<unknown, TickMode>([
  [1, 'LTP'],
  [2, 'QUOTE'],
  [3, 'DEPTH'],
])
const BY_WORD = new Map<string, TickMode>([
  ['ltp', 'LTP'],
  ['quote', 'QUOTE'],
  ['depth', 'DEPTH'],
  ['1', 'LTP'],
  ['2', 'QUOTE'],
  ['3', 'DEPTH'],
])

/** Reads a mode: 1, 2, 3, or its word or digit as text in any case. Throws ClientError INVALID_MODE in the ecosystem's words. */
export function parseMode(mode: unknown): TickMode {
  const known = typeof mode === 'string' ? BY_WORD.get(mode.trim().toLowerCase()) : BY_NUMBER.get(mode)
  if (known === undefined) throw new ClientError('INVALID_MODE', modeProblem(mode))
  return known
}

function modeProblem(mode: unknown): string {
  if (typeof mode === 'string')
    return `Invalid mode '${mode.slice(0, 64)}'; expected 'LTP', 'Quote', or 'Depth' (case-insensitive)`
  if (Number.isInteger(mode)) return `Invalid mode ${String(mode)}; expected 1 (LTP), 2 (Quote), or 3 (Depth)`
  return `Mode must be int or str, got ${typeWord(mode)}`
}

/** The type as clients of the ecosystem are used to read it. */
function typeWord(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return 'float'
  return Array.isArray(value) ? 'list' : 'dict'
}
