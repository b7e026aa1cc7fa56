import type { WireRequest } from './fuzz-http'
import type { SoundRequest } from './sound-requests'

/** As they stand in JSON: some of them no program would write, and every reader gets them all the same. */
const SCALARS = [
  '"Infinity"', '"-Infinity"', '"NaN"', '"-0"', '-0', '1e309', '"1e309"', '-1e309', '9223372036854775808', '"9223372036854775808"',
  '""', 'null', 'true', '[]', '{}',
] as const // prettier-ignore
/** In a query everything is a text. */
const WORDS = ['Infinity', '-Infinity', 'NaN', '-0', '1e309', '9223372036854775808', '', 'null', 'true', '[]', '{}'] as const // prettier-ignore

type Place = readonly (string | number)[]

/** A sound request again and again, each time with one hostile scalar in one of its fields: every scalar in every field. */
export function* eachFieldSpoiled(
  sound: SoundRequest,
  prefix: string,
  token: string,
): Generator<WireRequest> {
  const { method, query = {}, body } = sound
  const path = prefix + sound.path
  const text = body === undefined ? undefined : JSON.stringify(body)
  const headers = {
    authorization: token,
    ...(text === undefined ? {} : { 'content-type': 'application/json' }),
  }
  for (const name of Object.keys(query)) {
    for (const word of WORDS) {
      const spoiled = new URLSearchParams({ ...query, [name]: word }).toString()
      yield { method, path: `${path}?${spoiled}`, headers, body: text }
    }
  }
  const suffix = Object.keys(query).length === 0 ? '' : `?${new URLSearchParams(query).toString()}`
  for (const place of placesIn(body)) {
    for (const scalar of SCALARS) {
      yield { method, path: path + suffix, headers, body: written(body, place, scalar) }
    }
  }
}

/** Every field, those of the objects in its lists and the lists themselves too. */
function* placesIn(value: unknown, at: Place = []): Generator<Place> {
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) {
    const place = [...at, Array.isArray(value) ? Number(name) : name]
    yield place
    yield* placesIn(inner, place)
  }
}

/** The JSON of a value with a text as it is in one place. */
function written(value: unknown, [key, ...rest]: Place, text: string): string {
  if (key === undefined) return text
  const inner = (name: string | number, held: unknown): string =>
    name === key ? written(held, rest, text) : (JSON.stringify(held) ?? 'null')
  if (Array.isArray(value)) return `[${value.map((held, at) => inner(at, held)).join(',')}]`
  const fields = Object.entries(value as object).map(
    ([name, held]) => `${JSON.stringify(name)}:${inner(name, held)}`,
  )
  return `{${fields.join(',')}}`
}
