import type { z } from 'zod'
import { AppError } from './app-error'

/** One thing wrong with a request: the field's dotted path and a sentence part. */
export interface Problem {
  readonly field: string
  readonly message: string
}

/** All problems of a failed parse, each naming its field. */
export function describeProblems(error: z.ZodError): readonly Problem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        field: [...issue.path, key].join('.'),
        message: 'is not a known field',
      }))
    }
    return [{ field: issue.path.join('.') || 'data', message: wordOf(issue) }]
  })
}

/** Parses `data` by `schema`. Throws REQUEST_INVALID with all problems at once in `details.problems`. */
export function parseRequest<S extends z.ZodType>(schema: S, data: unknown): z.infer<S> {
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const problems = describeProblems(parsed.error).map((p) => ({ ...p, message: `${p.field} ${p.message}` }))
  throw new AppError('REQUEST_INVALID', { problems })
}

function wordOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.input === undefined && /received undefined/.test(issue.message))
    return 'is missing'
  const message = issue.message.charAt(0).toLowerCase() + issue.message.slice(1)
  return message.startsWith('must') || message.startsWith('is ') ? message : `is not acceptable: ${message}`
}
