/** How one payload is written, line by line: its fields in their order with the format of each. */
export type Shape = readonly ShapeLine[]

export interface ShapeLine {
  readonly path: string
  readonly format: string
  /** What stands there, when it is a text. */
  readonly text?: string
}

/** Words that mean the same in every situation, so that they are compared as they are and not by their format. */
const FIXED = new Set([
  'type', 'code', 'description', 'mdp', 'MessageCode', 'MessageVersion', 'ApplicationType', 'TokenID', 'BookType',
  'XMarketType', 'XTSMarketType', 'GeneratedBy', 'OrderCategoryType', 'OrderSide', 'OrderSideAPI', 'OrderType',
  'ProductType', 'TimeInForce', 'OrderStatus', 'OrderLegStatus', 'ExecutionReportIndex', 'IsDayWiseNetWise',
  'StatisticsLevel', 'CancelRejectReason', 'AlgoCategory', 'maketType', 'tradingSession', 'InstrumentType', 'OptionType',
  'CfiCode', 'SymbolType', 'bt', 'mt', 'OrderExpiryDate', 'OrderExpiryDateAPI',
]) // prettier-ignore

/** Numbers that are moments; their base is worked out from the moment at which they were made. */
const MOMENTS = new Set(['ExchangeTimeStamp', 'LastTradedTime', 'LastUpdateTime', 'BarTime', 'lut', 'ltt'])

/** Chosen by the client, so that their format says nothing. */
const FREE = new Set(['OrderUniqueIdentifier'])

const MONEY = 'money, two decimals, commas'
const TWO_DECIMALS = /^-?\d+\.\d\d$/
const TEXT_FORMATS: readonly (readonly [string, RegExp])[] = [
  ['empty text', /^$/],
  ['NaN in words', /^NaN$/],
  ['dd-MM-yyyy HH:mm:ss', /^\d\d-\d\d-\d{4} \d\d:\d\d:\d\d$/],
  ['ISO, 6 or 7 fraction digits', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6,7}$/],
  ['ISO, 6 or 7 fraction digits, +05:30', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6,7}\+05:30$/],
  ['ISO, whole seconds', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/],
  ['ISO, whole seconds, +05:30', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+05:30$/],
  [MONEY, /^-?\d{1,3}(?:,\d{3})*\.\d\d$/],
  ['whole number in text', /^-?\d+$/],
  ['plain number in text', /^-?\d+(?:\.\d+)?$/],
]

/** The shape of a payload that was made at `madeAtMs`. JSON inside a text and `key:value` texts are opened. */
export function shapeOf(payload: unknown, madeAtMs: number): Shape {
  const lines: ShapeLine[] = []
  const add = (path: string, name: string, value: unknown): void => {
    const inner = typeof value === 'string' ? opened(value) : undefined
    if (inner !== undefined) {
      lines.push({ path, format: inner.format })
      addFields(path, inner.fields)
    } else if (Array.isArray(value)) {
      lines.push({ path, format: `list of ${value.length}` })
      if (value.length > 0) add(`${path}[0]`, name, value[0])
    } else if (typeof value === 'object' && value !== null) {
      if (path !== '')
        lines.push({ path, format: Object.keys(value).length === 0 ? 'empty object' : 'object' })
      addFields(path, value as Record<string, unknown>)
    } else {
      const text = typeof value === 'string' ? { text: value } : {}
      lines.push({ path, format: formatOf(name, value, madeAtMs), ...text })
    }
  }
  const addFields = (path: string, fields: Record<string, unknown>): void => {
    for (const [name, value] of Object.entries(fields))
      add(path === '' ? name : `${path}.${name}`, name, value)
  }
  add('', '', payload)
  return lines
}

/** A text that holds fields itself: JSON, or the `key:value` form of a partial message. */
function opened(
  text: string,
): { readonly format: string; readonly fields: Record<string, unknown> } | undefined {
  if (text.startsWith('{'))
    return { format: 'JSON in a text', fields: JSON.parse(text) as Record<string, unknown> }
  if (!/^t:\d+_/.test(text)) return undefined
  const fields = text.split(',').map((pair) => {
    const [key = '', value = ''] = pair.split(':')
    return [key, /^-?[\d.]+$/.test(value) ? Number(value) : value] as const
  })
  return { format: 'key:value text', fields: Object.fromEntries(fields) }
}

function formatOf(name: string, value: unknown, madeAtMs: number): string {
  if (FREE.has(name)) return typeof value
  if (FIXED.has(name)) return `= ${JSON.stringify(value)}`
  if (typeof value === 'number') return numberFormat(name, value, madeAtMs)
  if (typeof value !== 'string') return value === null ? 'null' : typeof value
  return TEXT_FORMATS.find(([, pattern]) => pattern.test(value))?.[0] ?? 'words'
}

const DAY_S = 86_400
const IST_S = 19_800
const FROM_1970_TO_1980_S = 315_532_800

function numberFormat(name: string, value: number, madeAtMs: number): string {
  if (name === 'SequenceNumber')
    return value === 0 ? 'no sequence number' : 'sequence number of 15 or 16 digits'
  if (!MOMENTS.has(name)) return 'number'
  const indianSeconds = madeAtMs / 1000 + IST_S
  if (Math.abs(value - indianSeconds) < 2 * DAY_S) return 'seconds since 1970 in India'
  if (Math.abs(value + FROM_1970_TO_1980_S - indianSeconds) < 2 * DAY_S) return 'seconds since 1980 in India'
  return 'a number that is no moment'
}

/**
 * In what the second shape differs from the first, one text each: `- path (format)` is not there, `+ path (format)` is new,
 * `path: a -> b` is written otherwise, `path stands elsewhere` is out of its order.
 */
export function differences(sample: Shape, emitted: Shape): string[] {
  const before = new Map(sample.map((line) => [line.path, line]))
  const after = new Map(emitted.map((line) => [line.path, line]))
  const found: string[] = []
  for (const [path, line] of before) {
    const now = after.get(path)
    if (now === undefined) found.push(`- ${path} (${line.format})`)
    else if (!isAlike(line, now)) found.push(`${path}: ${line.format} -> ${now.format}`)
  }
  for (const [path, { format }] of after) if (!before.has(path)) found.push(`+ ${path} (${format})`)
  const wanted = [...before.keys()].filter((path) => after.has(path))
  const stands = [...after.keys()].filter((path) => before.has(path))
  return [...found, ...outOfPlace(wanted, stands).map((path) => `${path} stands elsewhere`)]
}

/** Whether both are written alike. Small money such as `0.05` does not show whether larger money would have commas. */
function isAlike(sample: ShapeLine, emitted: ShapeLine): boolean {
  if (sample.format === emitted.format) return true
  const { text } = emitted
  const [format, pattern] = TEXT_FORMATS.find(([name]) => name === sample.format) ?? []
  if (text === undefined || pattern === undefined) return false
  return pattern.test(text) || (format === MONEY && !sample.text?.includes(',') && TWO_DECIMALS.test(text))
}

/** The fewest paths whose taking away leaves both lists in the same order. */
function outOfPlace(wanted: readonly string[], stands: readonly string[]): readonly string[] {
  const places = stands.map((path) => wanted.indexOf(path))
  const longest: number[] = []
  const before: number[] = []
  let best = -1
  places.forEach((place, index) => {
    longest[index] = 1
    before[index] = -1
    for (let earlier = 0; earlier < index; earlier += 1) {
      const length = (longest[earlier] ?? 0) + 1
      if ((places[earlier] ?? 0) < place && length > (longest[index] ?? 0)) {
        longest[index] = length
        before[index] = earlier
      }
    }
    if (best < 0 || (longest[index] ?? 0) > (longest[best] ?? 0)) best = index
  })
  const inPlace = new Set<string>()
  for (let index = best; index >= 0; index = before[index] ?? -1) inPlace.add(stands[index] ?? '')
  return stands.filter((path) => !inPlace.has(path))
}
