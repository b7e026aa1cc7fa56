import { CHANGE_STATES, ORDER_STATES, type ChangeKind, type OrderState } from '@xts-bridge/contracts'
import type { FillEvidence, OrderEvidence } from '@xts-bridge/persistence'
import { changeStateOf, changeVerbsOf, strongerOf } from './change-state'
import {
  addEvidence,
  addFill,
  addRow,
  CHANGE_TABLE,
  EVIDENCE_TABLE,
  intendedFacts,
  isLive,
  stateOf,
  verbsOf,
  type ChangeEvidenceKind,
  type EvidenceKind,
  type OrderFacts,
} from './order-state'

const QUANTITY = 10
const SAMPLE = {
  exchange: 'NSE',
  symbol: 'SAMPLE',
  segment: 'NSECM',
  token: 1,
  side: 'BUY',
  priceType: 'LIMIT',
  product: 'MIS',
  validity: 'DAY',
  quantity: QUANTITY,
  disclosedQuantity: 0,
  price: 100,
  triggerPrice: 0,
} as const

interface Step {
  readonly words: string
  readonly take: (facts: OrderFacts) => OrderFacts
  /** The fill that the step is, for its event. */
  readonly fill?: FillEvidence
}

/** docs/order-states.md: the two tables as they are, and every transition they make, found by taking each step. */
export function orderStatesPage(): string {
  return [
    '# Order states',
    '',
    'What each piece of evidence makes of an order and of a modification or cancellation, from `order-state.ts` in order-execution.',
    'Written by `node tools/launch/order-states-page.cjs`; a test compares it with the tables.',
    '',
    '## Evidence of an order, weakest first',
    '',
    'Evidence moves an order down this table only, so neither order nor repetition matters. Fills come from trade records alone: a',
    'row that says "filled" ends the order, and its state follows when the trade records are known.',
    '',
    ...evidenceRows(),
    '',
    '## Transitions of an order',
    '',
    ...orderTransitions(),
    '',
    '## Evidence of a modification or cancellation, weakest first',
    '',
    '"Proven without effect" takes a healthy read of the order book, begun the HTTP deadline and ORDER_ABSENCE_MARGIN_MS after the',
    'send, in which the order works on as before; only a row that shows the change after all is believed then.',
    '',
    ...changeRows(),
    '',
    '## Transitions of a modification or cancellation',
    '',
    ...changeTransitions(),
    '',
  ].join('\n')
}

function evidenceRows(): readonly string[] {
  const rows = Object.entries(EVIDENCE_TABLE).map(
    ([kind, { shows, ends }]) => `| ${kind} | \`${shows}\` | ${ends ? 'yes' : ''} |`,
  )
  return ['| Evidence | Shows | Ends the order |', '|---|---|---|', ...rows]
}

function changeRows(): readonly string[] {
  const rows = Object.entries(CHANGE_TABLE).map(
    ([kind, { shows, ends }]) => `| ${kind} | \`${shows}\` | ${ends ? 'yes' : ''} |`,
  )
  return ['| Evidence | Shows | Decides it |', '|---|---|---|', ...rows]
}

/** Walks every state that the steps reach, from the intent on. */
function orderTransitions(): readonly string[] {
  const found = new Map<string, Set<string>>()
  const seen = new Set<string>()
  const waiting = [intendedFacts(SAMPLE)]
  for (let facts = waiting.pop(); facts !== undefined; facts = waiting.pop()) {
    for (const { words, take, fill } of STEPS) {
      const after = take(facts)
      if (essence(after) === essence(facts)) continue
      note(found, [stateOf(facts), stateOf(after), verbsOf(facts, after, fill).join(', ')], words)
      if (seen.has(essence(after))) continue
      seen.add(essence(after))
      waiting.push(after)
    }
  }
  return table(found, ORDER_STATES)
}

const STEPS: readonly Step[] = [
  ...(['reply lost', 'not sent', 'proven absent', 'refused by reply', 'acknowledged'] as const).map(
    (kind: EvidenceKind): Step => ({ words: kind, take: (facts) => addEvidence(facts, kind) }),
  ),
  ...(['accepted', 'open', 'filled', 'rejected', 'cancelled'] as const).map((state): Step => ({
    words: `row ${state}`,
    take: (facts) => addRow(facts, rowOf(state)),
  })),
  ...['1', '2'].map((tradeId): Step => ({
    words: 'fill',
    take: (facts) => addFill(facts, fillOf(tradeId)),
    fill: fillOf(tradeId),
  })),
]

function changeTransitions(): readonly string[] {
  const found = new Map<string, Set<string>>()
  const kinds = Object.keys(CHANGE_TABLE) as readonly ChangeEvidenceKind[]
  const steps = [undefined, ...kinds].flatMap((before) => kinds.map((after) => ({ before, after })))
  for (const change of ['modify', 'cancel'] as const satisfies readonly ChangeKind[]) {
    for (const { before, after } of steps) {
      if (strongerOf(before, after) === before || !isTaken(before, after)) continue
      const verbs = changeVerbsOf(change, before, after).join(', ')
      note(found, [changeStateOf(before), changeStateOf(after), verbs], `${change}: ${after}`)
    }
  }
  return table(found, CHANGE_STATES)
}

/** What was decided stays so, but for a change that shows after it was proven without effect. */
function isTaken(before: ChangeEvidenceKind | undefined, after: ChangeEvidenceKind): boolean {
  if (before === undefined || !CHANGE_TABLE[before].ends) return true
  return before === 'proven without effect' && after === 'row shows it'
}

function note(found: Map<string, Set<string>>, step: readonly [string, string, string], words: string): void {
  const [from, to] = step
  if (from === to && step[2] === '') return
  const key = step.join('|')
  found.set(key, (found.get(key) ?? new Set()).add(words))
}

function table(
  found: ReadonlyMap<string, ReadonlySet<string>>,
  states: readonly string[],
): readonly string[] {
  const rank = (key: string): number => {
    const [from = '', to = ''] = key.split('|')
    return states.indexOf(from) * 100 + states.indexOf(to)
  }
  const rows = [...found]
    .toSorted(([one], [other]) => rank(one) - rank(other) || (one < other ? -1 : 1))
    .map(([key, words]) => {
      const [from = '', to = '', verbs = ''] = key.split('|')
      return `| \`${from}\` | \`${to}\` | ${[...words].toSorted().join('; ')} | ${verbs} |`
    })
  return ['| From | To | By | Events |', '|---|---|---|---|', ...rows]
}

function essence(facts: OrderFacts): string {
  const { shown, isReportedFilled, fills } = facts
  return [shown, isReportedFilled, fills.size, isLive(facts)].join(' ')
}

function rowOf(state: OrderState): OrderEvidence {
  const filledQuantity = state === 'filled' ? QUANTITY : 0
  return { ...SAMPLE, brokerOrderId: 'B', tag: 'T', clientID: 'C', state, filledQuantity }
}

function fillOf(tradeId: string): FillEvidence {
  const { segment, token, side, product } = SAMPLE
  const what = { brokerOrderId: 'B', tag: 'T', clientID: 'C', segment, token, side, product }
  return { ...what, tradeId, quantity: QUANTITY / 2, price: 100, tradedAtMs: 0 }
}
