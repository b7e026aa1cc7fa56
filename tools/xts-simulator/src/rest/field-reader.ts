import type { FieldError } from '../wire/envelopes'

type Source = Readonly<Record<string, unknown>>

/** Names that were asked for, by the body or query they were looked for in. */
const askedIn = new WeakMap<object, Set<string>>()

/** Fields a client sent that no reader of this body or query asked for. */
export function unreadFields(source: unknown): string[] {
  if (typeof source !== 'object' || source === null) return []
  const asked = askedIn.get(source)
  return Object.keys(source).filter((name) => !asked?.has(name))
}

/** Every name that was asked for in this body or query. */
export function namesAskedFor(source: unknown): string[] {
  return typeof source === 'object' && source !== null ? [...(askedIn.get(source) ?? [])] : []
}

/**
 * Reads the fields of a request the way the broker's validation does: numeric texts count as numbers, and every
 * wrong field is reported with its message and type. After an error a reader returns a harmless value; look at `errors`.
 */
export class FieldReader {
  errors: FieldError[] = []
  private readonly known: Set<string>
  private readonly source: Source

  constructor(
    source: unknown,
    private readonly location: 'body' | 'query',
    /** Where the fields are, when they are inside a list. */
    private readonly path: readonly (string | number)[] = [],
  ) {
    this.source = typeof source === 'object' && source !== null ? (source as Source) : {}
    this.known = askedIn.get(this.source) ?? new Set()
    askedIn.set(this.source, this.known)
  }

  text(name: string, o: { maxLength?: number; mayBeEmpty?: boolean } = {}): string {
    const value = this.value(name)
    if (value === undefined) return this.refuse(name, 'is required', 'any.required') ?? ''
    if (typeof value !== 'string') return this.refuse(name, 'must be a string', 'string.base') ?? ''
    if (value === '' && !o.mayBeEmpty)
      return this.refuse(name, 'is not allowed to be empty', 'any.empty') ?? ''
    if (o.maxLength !== undefined && value.length > o.maxLength) {
      this.refuse(name, `length must be less than or equal to ${o.maxLength} characters long`, 'string.max')
    }
    return value
  }

  optionalText(name: string): string | undefined {
    const value = this.value(name)
    if (value === undefined || value === null) return undefined
    if (typeof value === 'string') return value
    return this.refuse(name, 'must be a string', 'string.base')
  }

  /** A number that is not negative; whole when asked. */
  number(name: string, o: { isWhole?: boolean; isSigned?: boolean } = {}): number {
    const value = this.value(name)
    if (value === undefined) return this.refuse(name, 'is required', 'any.required') ?? 0
    const read = toNumber(value)
    if (read === undefined) return this.refuse(name, 'must be a number', 'number.base') ?? 0
    if (Math.abs(read) > Number.MAX_SAFE_INTEGER) this.refuse(name, 'must be a safe number', 'number.unsafe')
    else if (o.isWhole && !Number.isInteger(read)) this.refuse(name, 'must be an integer', 'number.integer')
    if (!o.isSigned && read < 0) this.refuse(name, 'must be larger than or equal to 0', 'number.min')
    return read
  }

  /** One of the allowed words; `inAnyCase` also takes other spellings of them. */
  choice<T extends string>(name: string, allowed: readonly [T, ...T[]], inAnyCase = false): T {
    const value = this.value(name)
    const found = allowed.find(
      (word) => word === value || (inAnyCase && typeof value === 'string' && word === value.toUpperCase()),
    )
    if (found !== undefined) return found
    if (value === undefined) this.refuse(name, 'is required', 'any.required')
    else this.refuse(name, `must be one of [${allowed.join(', ')}]`, 'any.allowOnly')
    return allowed[0]
  }

  optionalNumber(name: string): number | undefined {
    return this.value(name) === undefined ? undefined : this.number(name, { isSigned: true })
  }

  /** What `read` makes of a value; a value it makes nothing of is refused. */
  oneOf<T>(name: string, read: (value: unknown) => T | undefined): T | undefined {
    const value = this.value(name)
    if (value === undefined) return this.refuse(name, 'is required', 'any.required')
    return read(value) ?? this.refuse(name, 'is not allowed', 'any.allowOnly')
  }

  /** The objects of a list, each with a reader whose errors come with all others. */
  items(name: string, most: number): FieldReader[] {
    const entries = this.list(name)
    if (entries.length > most)
      this.refuse(name, `must contain less than or equal to ${most} items`, 'array.max')
    return entries.slice(0, most).map((entry, at) => {
      const reader = new FieldReader(entry, this.location, [...this.path, name, at])
      reader.errors = this.errors
      return reader
    })
  }

  /** A switch that may be left out; the words true and false count too. */
  optionalFlag(name: string): boolean | undefined {
    const value = this.value(name)
    if (value === undefined) return undefined
    if (typeof value === 'boolean') return value
    if (value === 'true' || value === 'false') return value === 'true'
    return this.refuse(name, 'must be a boolean', 'boolean.base')
  }

  flag(name: string): boolean {
    const value = this.optionalFlag(name)
    if (value === undefined && this.source[name] === undefined)
      this.refuse(name, 'is required', 'any.required')
    return value ?? false
  }

  list(name: string): readonly unknown[] {
    const value = this.value(name)
    if (Array.isArray(value)) return value
    if (value === undefined) this.refuse(name, 'is required', 'any.required')
    else this.refuse(name, 'must be an array', 'array.base')
    return []
  }

  refuse(name: string, complaint: string, type: string): undefined {
    const message = `"${name}" ${complaint}`
    this.errors.push({
      field: [...this.path, name],
      location: this.location,
      messages: [message],
      types: [type],
    })
  }

  /** Whether the client sent it at all. */
  has(name: string): boolean {
    return this.source[name] !== undefined
  }

  /** Fields the client sent that nobody asked for. */
  unknownFields(): string[] {
    return Object.keys(this.source).filter((name) => !this.known.has(name))
  }

  private value(name: string): unknown {
    this.known.add(name)
    return this.source[name]
  }
}

/** A number, or a text that is one. */
function toNumber(value: unknown): number | undefined {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined
}
