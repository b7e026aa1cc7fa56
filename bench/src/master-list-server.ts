import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Rows per segment: 150,000, in the segments that every profile has. */
const ROWS = {
  NSECM: 9_000,
  BSECM: 13_500,
  NSEFO: 117_000,
  BSEFO: 10_500,
  NSECD: 0,
  BSECD: 0,
  MCXFO: 0,
} as const
type Segment = keyof typeof ROWS
const NUMBERS: Readonly<Record<Segment, number>> = {
  NSECM: 1,
  BSECM: 11,
  NSEFO: 2,
  BSEFO: 12,
  NSECD: 3,
  BSECD: 13,
  MCXFO: 51,
}
const DAY_MS = 86_400_000
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const STRIKES_PER_NAME = 250

/** The rows of one segment in the layout of 2026; every `changedEach`th has another lot, as after a change overnight. */
function rowsOf(segment: Segment, changedEach: number | undefined): string {
  const rows = Array.from({ length: ROWS[segment] }, (_, at) => {
    const lot = changedEach !== undefined && at % changedEach === 0 ? 2 : 1
    return segment === 'NSECM' || segment === 'BSECM'
      ? cashRow(segment, at, lot)
      : optionRow(segment, at, lot)
  })
  return rows.join('\n')
}

function cashRow(segment: 'NSECM' | 'BSECM', at: number, lot: number): string {
  const token = 100 + at
  const [name, series] = [`SHARE${at}`, segment === 'NSECM' ? 'EQ' : 'A']
  const id = `${NUMBERS[segment]}1001${String(token).padStart(8, '0')}`
  const coded = `${name}-${series}`
  return `${segment}|${token}|8|${name}|${coded}|${series}|${coded}|${id}|1603.6|1312.2|67662|0.05|${lot}|1|${name}|INE${String(at).padStart(6, '0')}018|1|1|${name} INDUSTRIES LIMITED-${series}|0|-1|-1`
}

function optionRow(segment: Segment, at: number, lot: number): string {
  const token = 40_000 + at
  const expires = new Date(Date.now() + (20 + (at % 3) * 30) * DAY_MS)
  const [year, month, day] = expires.toISOString().slice(0, 10).split('-') as [string, string, string]
  const dayOfYear = Math.floor((expires.getTime() - Date.UTC(Number(year), 0, 1)) / DAY_MS) + 1
  const id = `${NUMBERS[segment]}${year.slice(3)}${String(dayOfYear).padStart(3, '0')}${String(token).padStart(8, '0')}`
  const name = `NAME${Math.floor(at / STRIKES_PER_NAME)}`
  const strike = 1_000 + Math.floor((at % STRIKES_PER_NAME) / 2) * 10
  const [right, letters] = at % 2 === 0 ? [3, 'CE'] : [4, 'PE']
  const code = `${name}${year.slice(2)}${MONTHS[Number(month) - 1]}${strike}${letters}`
  const shown = `${name} ${day}${MONTHS[Number(month) - 1]}${year} ${letters} ${strike}`
  return `${segment}|${token}|2|${name}|${code}|OPTSTK|${name}-OPTSTK|${id}|205.3|0.05|1801|0.05|${lot}|1|1100100000100|${name}|${year}-${month}-${day}T14:30:00|${strike}|${right}|${shown}|1|1|${code}`
}

export interface MasterListServer {
  readonly baseUrl: string
  readonly rows: number
  /** From now on every so many rows are changed. */
  change(each: number): void
  close(): Promise<void>
}

/** A broker that serves instrument lists and nothing else; the answers are made beforehand. */
export async function startMasterListServer(): Promise<MasterListServer> {
  let answers = answersOf(undefined)
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const [, segment = ''] = /"(\w+)"\]/.exec(Buffer.concat(parts).toString()) ?? []
      response.end(request.url?.includes('indexlist') === true ? INDEX_LIST : (answers.get(segment) ?? ''))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rows: Object.values<number>(ROWS).reduce((sum, rows) => sum + rows, 0),
    change: (each) => void (answers = answersOf(each)),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

const INDEX_LIST = JSON.stringify({
  type: 'success',
  code: 's-instrument-0007',
  result: { exchangeSegment: '1', indexList: ['NIFTY 50_26000', 'NIFTY BANK_26001'] },
})

function answersOf(changedEach: number | undefined): ReadonlyMap<string, Buffer> {
  const segments = Object.keys(ROWS) as Segment[]
  return new Map(
    segments.map((segment) => [
      segment,
      Buffer.from(
        JSON.stringify({
          type: 'success',
          code: 's-instrument-0010',
          description: 'instrument data',
          result: rowsOf(segment, changedEach),
        }),
      ),
    ]),
  )
}
