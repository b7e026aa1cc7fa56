import { INSTRUMENT_TYPE } from './listed-instrument'
import { isSegmentName, SEGMENT_NUMBERS } from './segments'

/** The column layouts gateways have had: today's, that of 2022, and that of 2019 and 2020. */
export type MasterLayout = '2026' | '2022' | '2019'

/** Columns every layout of 2022 begins with: up to the multiplier. */
const COMMON_COLUMNS = 14
const EXPIRY_COLUMN = 16
const STRIKE_COLUMN = 17
const OPTION_TYPE_COLUMN = 18

/** Rows as a gateway of that time wrote them; `text` has today's layout. */
export function inLayout(text: string, layout: MasterLayout): string {
  if (layout === '2026' || text === '') return text
  const rewrite = layout === '2022' ? rowOf2022 : rowOf2019
  return text
    .split('\n')
    .map((row) => rewrite(row.split('|')).join('|'))
    .join('\n')
}

/** Everything after the multiplier, the expiry or the option type is not there yet: 14, 17 or 19 columns. */
function rowOf2022(columns: readonly string[]): readonly string[] {
  const type = Number(columns[2])
  if (type === INSTRUMENT_TYPE.option) return columns.slice(0, OPTION_TYPE_COLUMN + 1)
  return columns.slice(0, isContract(type) ? EXPIRY_COLUMN + 1 : COMMON_COLUMNS)
}

/** The segment is a number, there is no multiplier, and a contract without strike says so in words: 13 or 18 columns. */
function rowOf2019(columns: readonly string[]): readonly string[] {
  const [segment, ...others] = columns
  const number = isSegmentName(segment) ? String(SEGMENT_NUMBERS[segment]) : (segment ?? '')
  const common = [number, ...others.slice(0, COMMON_COLUMNS - 2)]
  const type = Number(columns[2])
  if (!isContract(type)) return common
  const dates = columns.slice(COMMON_COLUMNS, EXPIRY_COLUMN + 1)
  const right =
    type === INSTRUMENT_TYPE.option
      ? columns.slice(STRIKE_COLUMN, OPTION_TYPE_COLUMN + 1)
      : ['undefined', 'undefined']
  return [...common, ...dates, ...right]
}

const isContract = (type: number): boolean =>
  type === INSTRUMENT_TYPE.option || type === INSTRUMENT_TYPE.future || type === INSTRUMENT_TYPE.spread
