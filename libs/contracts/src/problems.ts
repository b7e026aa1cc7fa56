import type { z } from 'zod'
import { AppError } from './app-error'

/** One thing wrong with a request: the field's dotted path and a sentence part. */
export interface Problem {
  readonly field: string
  readonly message: string
}

/** All problems of a failed parse, each naming its field. */
export function describeProblems(error: z.ZodError, data: unknown): readonly Problem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        field: [...issue.path, key].join('.'),
        message: 'is not a known field',
      }))
    }
    return [{ field: issue.path.join('.') || 'data', message: wordOf(issue, valueAt(data, issue.path)) }]
  })
}

/** Parses `data` by `schema`. Throws REQUEST_INVALID with all problems at once in `details.problems`. */
export function parseRequest<S extends z.ZodType>(schema: S, data: unknown): z.infer<S> {
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const problems = describeProblems(parsed.error, data).map((p) => ({
    ...p,
    message: `${p.field} ${p.message}`,
  }))
  throw new AppError('REQUEST_INVALID', { problems })
}

function wordOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (value === undefined && issue.code !== 'custom') return 'is missing'
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`
  const message = issue.message.charAt(0).toLowerCase() + issue.message.slice(1)
  return message.startsWith('must') || message.startsWith('is ') ? message : `is not acceptable: ${message}`
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), data)
}

function isObject(value: unknown): value is Readonly<Record<PropertyKey, unknown>> {
  return typeof value === 'object' && value !== null
}
