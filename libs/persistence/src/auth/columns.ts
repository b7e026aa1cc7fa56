import type { ValueTransformer } from 'typeorm'

/** Epoch milliseconds; some databases hand 64-bit numbers back as text. */
export const epochMs: ValueTransformer = {
  from: (value: number | string | null) => (value === null ? null : Number(value)),
  to: (value: number | null) => value,
}

/** A list of strings, kept as JSON text. Throws when the text is anything else. */
export const stringList: ValueTransformer = {
  from: (text: string) => {
    const value: unknown = JSON.parse(text)
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
    throw new Error('A stored list is not a list of strings.')
  },
  to: (list: readonly string[]) => JSON.stringify(list),
}
