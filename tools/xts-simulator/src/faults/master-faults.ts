import { numberIn, type FaultDefinition, type Reply } from './fault-kinds'
import { isAccepted, resultOf, withResult } from './reply-parts'

const master = {
  group: 'master',
  proof: 'master-faults',
  count: 'always',
  calls: ['master'],
  appliesTo: isAccepted,
} as const

/** Columns of the equity layout; the broker never sends such a line. */
const HEADER =
  'ExchangeSegment|ExchangeInstrumentID|InstrumentType|Name|Description|Series|NameWithSeries|InstrumentID|' +
  'PriceBand.High|PriceBand.Low|FreezeQty|TickSize|LotSize|Multiplier|DisplayName|ISIN|PriceNumerator|PriceDenominator'

/** What can be wrong with the list of instruments. */
export const MASTER_FAULTS = {
  'master-header-only': {
    ...master,
    means: 'the master is a line of column names and nothing else',
    at: { rewrite: (reply) => withResult(reply, HEADER) },
  },
  'master-empty': {
    ...master,
    means: 'the master is a success with an empty text',
    at: { rewrite: (reply) => withResult(reply, '') },
  },
  'master-half': {
    ...master,
    means: 'the master breaks off in the middle of a row, and the answer looks whole',
    at: { rewrite: half },
  },
  'master-duplicated-tokens': {
    ...master,
    means: 'rows of the master carry the token of the row before',
    parameters: { every: { value: 10, means: 'each how many-th row does' } },
    at: { rewrite: (reply, _, fault) => duplicateTokens(reply, Math.max(2, numberIn(fault, 'every'))) },
  },
  'master-slow': {
    ...master,
    means: 'the master comes in small pieces over delayMs',
    parameters: { delayMs: { value: 30_000, means: 'from the first piece to the last' } },
    at: {
      replace: (reply, _, fault) => ({
        ...reply,
        manner: 'trickled',
        delayMs: reply.delayMs + numberIn(fault, 'delayMs'),
      }),
    },
  },
} satisfies Record<string, FaultDefinition>

function half(reply: Reply): Reply {
  const text = String(resultOf(reply))
  const middle = Math.floor(text.length / 2)
  // Right behind a column's bar, so that the last row is not whole by chance.
  return withResult(reply, text.slice(0, text.indexOf('|', middle) + 1))
}

function duplicateTokens(reply: Reply, every: number): Reply {
  const rows = String(resultOf(reply)).split('\n')
  const changed = rows.map((row, place) => {
    const token = rows[place - 1]?.split('|')[1]
    if (place % every !== 1 || token === undefined) return row
    const columns = row.split('|')
    return [columns[0], token, ...columns.slice(2)].join('|')
  })
  return withResult(reply, changed.join('\n'))
}
