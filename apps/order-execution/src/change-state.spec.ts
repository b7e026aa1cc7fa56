import type { OrderEvidence, OrderTerms } from '@xts-bridge/persistence'
import fc from 'fast-check'
import {
  CHANGE_TABLE,
  changeStateOf,
  changeVerbsOf,
  judgeLateRow,
  judgeRow,
  strongerOf,
  type ChangeEvidenceKind,
} from './change-state'
import { termsOf } from './order-terms'
import { addRow, intendedFacts } from './order-state'

const TERMS: OrderTerms = {
  priceType: 'LIMIT',
  product: 'MIS',
  validity: 'DAY',
  quantity: 20,
  disclosedQuantity: 0,
  price: 101,
  triggerPrice: 0,
}
const ROW: OrderEvidence = {
  brokerOrderId: 'B1',
  tag: 'id1',
  clientID: 'C',
  segment: 'NSECM',
  token: 2885,
  side: 'BUY',
  priceType: 'LIMIT',
  product: 'MIS',
  validity: 'DAY',
  quantity: 10,
  price: 100,
  triggerPrice: 0,
  state: 'open',
  filledQuantity: 0,
}
const MODIFY = { change: 'modify', terms: TERMS, wasOnItsWay: false } as const
const CANCEL = { change: 'cancel', wasOnItsWay: false } as const
const row = (change: Partial<OrderEvidence>): OrderEvidence => ({ ...ROW, ...change })
const AS_ASKED = { quantity: 20, price: 101 } as const

describe('what a row shows of a modification', () => {
  it.each<[string, string | undefined, Partial<OrderEvidence>]>([
    ['the new terms', 'row shows it', AS_ASKED],
    ['the new terms, partly filled', 'row shows it', { ...AS_ASKED, state: 'partially-filled' }],
    ['the new terms, filled', 'row shows it', { ...AS_ASKED, state: 'filled', filledQuantity: 20 }],
    ['the new terms, cancelled later', 'row shows it', { ...AS_ASKED, state: 'cancelled' }],
    ['the old terms', undefined, {}],
    ['one new term of two', undefined, { quantity: 20 }],
    ['the old terms on the way', undefined, { isChanging: true, reason: 'old words' }],
    ['the old terms with a reason', 'row refuses', { reason: '16418 : not now' }],
    ['the old terms, filled', 'row overtakes', { state: 'filled', filledQuantity: 10 }],
    ['the old terms, cancelled', 'row overtakes', { state: 'cancelled' }],
    ['the new terms, rejected', 'row overtakes', { ...AS_ASKED, state: 'rejected' }],
  ])('%s: %s', (_, shown, change) => {
    expect(judgeRow(MODIFY, row(change))).toBe(shown)
  })

  it('takes no reason for a refusal that stood there before, unless the change was seen on its way', () => {
    const before = { ...MODIFY, reasonBefore: '16418 : not now' }
    expect(judgeRow(before, row({ reason: '16418 : not now' }))).toBeUndefined()
    expect(judgeRow({ ...before, wasOnItsWay: true }, row({ reason: '16418 : not now' }))).toBe('row refuses')
  })

  it('knows a stop again that was triggered at once', () => {
    const terms: OrderTerms = { ...TERMS, priceType: 'SL', quantity: 10, triggerPrice: 100.5 }
    const triggered = row({ price: 101, triggerPrice: 100.5, state: 'partially-filled' })
    expect(judgeRow({ ...MODIFY, terms }, triggered)).toBe('row shows it')
    expect(judgeRow({ ...MODIFY, terms }, { ...triggered, triggerPrice: 99 })).toBeUndefined()
  })

  it('is proven without effect by a late row alone, and not while it is on its way', () => {
    expect(judgeLateRow(MODIFY, ROW)).toBe('proven without effect')
    expect(judgeLateRow(MODIFY, row(AS_ASKED))).toBe('row shows it')
    expect(judgeLateRow(MODIFY, row({ isChanging: true }))).toBeUndefined()
  })
})

describe('what a row shows of a cancellation', () => {
  it.each<[string, string | undefined, Partial<OrderEvidence>]>([
    ['cancelled', 'row shows it', { state: 'cancelled', filledQuantity: 4 }],
    ['still open', undefined, {}],
    ['on its way', undefined, { isChanging: true }],
    ['filled first', 'row overtakes', { state: 'filled', filledQuantity: 10 }],
    ['rejected', 'row overtakes', { state: 'rejected', reason: 'RMS' }],
    ['open with a reason', 'row refuses', { reason: '16418 : not now' }],
  ])('%s: %s', (_, shown, change) => {
    expect(judgeRow(CANCEL, row(change))).toBe(shown)
  })
})

describe('the change state table', () => {
  const kinds = Object.keys(CHANGE_TABLE) as ChangeEvidenceKind[]

  it('comes to the same whatever the order in which evidence arrives, and never back from an end', () => {
    fc.assert(
      fc.property(
        fc
          .array(fc.constantFrom(...kinds), { minLength: 1 })
          .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, mixed]) => {
          const end = (seen: readonly ChangeEvidenceKind[]): ChangeEvidenceKind | undefined =>
            seen.reduce<ChangeEvidenceKind | undefined>(strongerOf, undefined)
          expect(end(mixed)).toBe(end(all))
        },
      ),
    )
  })

  it.each<[string, Parameters<typeof changeVerbsOf>, readonly string[]]>([
    ['a lost reply', ['modify', undefined, 'reply lost'], ['unknown']],
    ['a lost modification found', ['modify', 'reply lost', 'row shows it'], ['resolved', 'modified']],
    ['a lost cancellation found', ['cancel', 'reply lost', 'row shows it'], ['resolved']],
    [
      'a lost one without effect',
      ['cancel', 'reply lost', 'proven without effect'],
      ['resolved', 'change-refused'],
    ],
    ['a modification that came through', ['modify', 'acknowledged', 'row shows it'], ['modified']],
    ['a cancellation that came through', ['cancel', 'acknowledged', 'row shows it'], []],
    ['an acknowledgement', ['modify', undefined, 'acknowledged'], []],
    ['a refusal in the reply', ['modify', undefined, 'refused by reply'], ['change-refused']],
    ['a refusal by the exchange', ['cancel', 'acknowledged', 'row refuses'], ['change-refused']],
    ['an order that ended first', ['modify', 'acknowledged', 'row overtakes'], []],
    ['a late effect', ['modify', 'proven without effect', 'row shows it'], ['resurrected', 'modified']],
    ['what was not sent', ['cancel', undefined, 'not sent'], []],
  ])('tells %s', (_, step, verbs) => {
    expect(changeVerbsOf(...step)).toEqual(verbs)
  })

  it('has a state for each evidence, and "intended" for none', () => {
    expect(changeStateOf(undefined)).toBe('intended')
    expect(kinds.map(changeStateOf)).toEqual([
      'unknown',
      'not-sent',
      'refused',
      'requested',
      'no-effect',
      'refused',
      'overtaken',
      'done',
    ])
  })
})

describe('the terms of an order', () => {
  const order = { exchange: 'NSE', symbol: 'RELIANCE', ...ROW, disclosedQuantity: 5 } as const

  it('are those it was placed with, then those of its newest row', () => {
    const placed = intendedFacts({ ...order, quantity: 10 })
    expect(termsOf(placed)).toMatchObject({ quantity: 10, price: 100, disclosedQuantity: 5 })
    const changed = addRow(placed, row({ quantity: 6, price: 99 }))
    expect(termsOf(changed)).toMatchObject({ quantity: 6, price: 99, disclosedQuantity: 5 })
  })

  it('have no trigger any more once a stop was triggered', () => {
    const triggered = addRow(intendedFacts(order), row({ priceType: 'LIMIT', triggerPrice: 99 }))
    expect(termsOf(triggered)).toMatchObject({ priceType: 'LIMIT', triggerPrice: 0 })
  })

  it('are not taken back by a row of an earlier second', () => {
    const newest = row({ price: 101, rowAtMs: 2_500 })
    const facts = addRow(addRow(intendedFacts(order), newest), row({ price: 100, rowAtMs: 1_999 }))
    expect(termsOf(facts).price).toBe(101)
    expect(termsOf(addRow(facts, row({ price: 100, rowAtMs: 2_000 }))).price).toBe(100)
  })
})
