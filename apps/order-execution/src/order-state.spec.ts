import { ORDER_STATES, type OrderState } from '@xts-bridge/contracts'
import type { FillEvidence, IntendedOrder, OrderEvidence } from '@xts-bridge/persistence'
import fc from 'fast-check'
import {
  addEvidence,
  addFill,
  addRow,
  averagePrice,
  EVIDENCE_TABLE,
  filledQuantity,
  intendedFacts,
  isLive,
  isSettled,
  isUnresolved,
  mergeFacts,
  stateOf,
  verbsOf,
  type EvidenceKind,
  type OrderFacts,
} from './order-state'

const ORDER: IntendedOrder = {
  exchange: 'NSE',
  symbol: 'RELIANCE',
  segment: 'NSECM',
  token: 2885,
  side: 'BUY',
  priceType: 'LIMIT',
  product: 'MIS',
  validity: 'DAY',
  quantity: 10,
  disclosedQuantity: 0,
  price: 100,
  triggerPrice: 0,
}

function row(state: OrderState, filled = 0, quantity = 10): OrderEvidence {
  const { segment, token, side, priceType, product, validity, price, triggerPrice } = ORDER
  const what = { segment, token, side, priceType, product, validity, price, triggerPrice }
  return { brokerOrderId: 'B1', tag: 'id1', clientID: 'C', ...what, quantity, state, filledQuantity: filled }
}

function fill(tradeId: string, quantity: number, price = 100): FillEvidence {
  const { segment, token, side, product } = ORDER
  const what = { segment, token, side, product }
  return { brokerOrderId: 'B1', tag: 'id1', clientID: 'C', ...what, tradeId, quantity, price, tradedAtMs: 1 }
}

type Step = (facts: OrderFacts) => OrderFacts
const said =
  (kind: EvidenceKind): Step =>
  (facts) =>
    addEvidence(facts, kind, { brokerOrderId: kind === 'acknowledged' ? 'B1' : undefined })
const rowed =
  (state: OrderState, filled = 0, quantity = 10): Step =>
  (facts) =>
    addRow(facts, row(state, filled, quantity))
const filled =
  (tradeId: string, quantity: number): Step =>
  (facts) =>
    addFill(facts, fill(tradeId, quantity))
const after = (...steps: readonly Step[]): OrderFacts =>
  steps.reduce((facts, step) => step(facts), intendedFacts(ORDER))

describe('the state of an order', () => {
  it.each<[string, OrderState, readonly Step[]]>([
    ['nothing but the intent', 'intended', []],
    ['a lost reply', 'unknown', [said('reply lost')]],
    ['an acknowledgement', 'accepted', [said('acknowledged')]],
    ['a refusal in the reply', 'rejected', [said('refused by reply')]],
    ['not sent', 'absent', [said('not sent')]],
    ['proof of absence', 'absent', [said('reply lost'), said('proven absent')]],
    ['a row at the exchange', 'open', [said('acknowledged'), rowed('open')]],
    ['some fills', 'partially-filled', [rowed('open'), filled('1', 4)]],
    ['all fills', 'filled', [rowed('open'), filled('1', 4), filled('2', 6)]],
    ['a fill before any reply', 'partially-filled', [filled('1', 4)]],
    ['all fills before the acknowledgement', 'filled', [filled('1', 10), said('acknowledged')]],
    ['a late fill after a cancel', 'cancelled', [rowed('cancelled', 4), filled('1', 4)]],
    ['late fills that complete a cancelled order', 'filled', [rowed('cancelled'), filled('1', 10)]],
    ['the same fill twice', 'partially-filled', [filled('1', 5), filled('1', 5)]],
    ['an older row after a newer one', 'cancelled', [rowed('cancelled'), rowed('open')]],
    ['a rejection after acceptance', 'rejected', [said('acknowledged'), rowed('open'), rowed('rejected')]],
    ['a row that says filled, without trade records', 'open', [rowed('filled', 10)]],
    ['the lost reply of an order already seen', 'open', [rowed('open'), said('reply lost')]],
    ['a row of an order thought absent', 'open', [said('proven absent'), rowed('open')]],
    ['a row of an order the reply refused', 'open', [said('refused by reply'), rowed('open')]],
    ['a fill of an order thought absent', 'partially-filled', [said('not sent'), filled('1', 1)]],
    ['an order that was enlarged at the broker', 'partially-filled', [rowed('open', 0, 20), filled('1', 10)]],
    ['an order that was made smaller and filled', 'filled', [rowed('filled', 6, 10), filled('1', 6)]],
  ])('after %s is %s', (_, state, steps) => {
    expect(stateOf(after(...steps))).toBe(state)
  })

  it('never fills by what a row says', () => {
    const facts = after(rowed('filled', 10))
    expect(filledQuantity(facts)).toBe(0)
    expect(averagePrice(facts)).toBeUndefined()
  })

  it('averages the trade records', () => {
    const facts = addFill(addFill(intendedFacts(ORDER), fill('1', 4, 100)), fill('2', 6, 110))
    expect(averagePrice(facts)).toBe(106)
  })

  it('takes the same trade id of another order or segment for another fill', () => {
    const facts = addFill(intendedFacts(ORDER), fill('1', 2))
    expect(addFill(facts, { ...fill('1', 2), brokerOrderId: 'B2' }).fills.size).toBe(2)
    expect(addFill(facts, { ...fill('1', 2), segment: 'BSECM' }).fills.size).toBe(2)
  })
})

describe('whether the broker may still act on an order', () => {
  it.each<[string, boolean, readonly Step[]]>([
    ['still being sent', true, []],
    ['unknown', true, [said('reply lost')]],
    ['open', true, [rowed('open')]],
    ['partially filled', true, [rowed('open'), filled('1', 4)]],
    ['filled by a row', false, [rowed('filled', 10)]],
    ['filled by trades', false, [filled('1', 10)]],
    ['cancelled', false, [rowed('cancelled')]],
    ['rejected', false, [rowed('rejected')]],
    ['proven absent', false, [said('proven absent')]],
    ['thought absent and traded', true, [said('proven absent'), filled('1', 4)]],
    ['filled and then enlarged', true, [filled('1', 10), rowed('open', 0, 20)]],
  ])('%s: %s', (_, isWorking, steps) => {
    expect(isLive(after(...steps))).toBe(isWorking)
  })

  it('is not settled before the trades of a row are known', () => {
    expect(isSettled(after(rowed('cancelled', 4)))).toBe(false)
    expect(isSettled(after(rowed('cancelled', 4), filled('1', 4)))).toBe(true)
  })

  it('is unresolved only without any evidence', () => {
    expect(isUnresolved(after())).toBe(true)
    expect(isUnresolved(after(said('reply lost')))).toBe(true)
    expect(isUnresolved(after(said('reply lost'), filled('1', 1)))).toBe(false)
    expect(isUnresolved(after(said('acknowledged')))).toBe(false)
  })
})

describe('what is told of a change', () => {
  it.each<[string, readonly string[], readonly Step[], Step]>([
    ['an acknowledgement', ['accepted'], [], said('acknowledged')],
    ['a lost reply', ['unknown'], [], said('reply lost')],
    ['an order found', ['resolved', 'opened'], [said('reply lost')], rowed('open')],
    ['an order found cancelled', ['resolved', 'cancelled'], [said('reply lost')], rowed('cancelled')],
    ['proof of absence', ['resolved'], [said('reply lost')], said('proven absent')],
    ['an order thought absent', ['resurrected', 'opened'], [said('proven absent')], rowed('open')],
    ['an order the reply refused', ['resurrected', 'opened'], [said('refused by reply')], rowed('open')],
    ['the acknowledgement of an order seen open', [], [rowed('open')], said('acknowledged')],
    ['an older row', [], [rowed('cancelled')], rowed('open')],
    ['an order that was not sent', [], [], said('not sent')],
  ])('%s', (_, verbs, steps, step) => {
    const before = after(...steps)
    expect(verbsOf(before, step(before))).toEqual(verbs)
  })

  it('tells each fill once, with its order complete or not', () => {
    const before = after(rowed('open'))
    const some = addFill(before, fill('1', 4))
    expect(verbsOf(before, some, fill('1', 4))).toEqual(['partially-filled'])
    expect(verbsOf(some, addFill(some, fill('2', 6)), fill('2', 6))).toEqual(['filled'])
    const unknown = after(said('reply lost'))
    expect(verbsOf(unknown, addFill(unknown, fill('1', 10)), fill('1', 10))).toEqual(['resolved', 'filled'])
  })
})

describe('the order state table, for any evidence', () => {
  const kinds = Object.keys(EVIDENCE_TABLE).filter((kind) => !kind.startsWith('row')) as EvidenceKind[]
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.constantFrom(...kinds).map(said),
    fc
      .record({
        state: fc.constantFrom(...ORDER_STATES),
        filled: fc.nat(10),
        quantity: fc.integer({ min: 10, max: 20 }),
      })
      .map((one) => rowed(one.state, one.filled, one.quantity)),
    fc
      .record({ id: fc.nat(6), quantity: fc.integer({ min: 1, max: 1 }) })
      .map((one) => filled(String(one.id), one.quantity)),
  )
  const essence = (facts: OrderFacts): unknown => {
    const { shown, isReportedFilled, quantity, reportedFilled, fills } = facts
    return {
      state: stateOf(facts),
      shown,
      isReportedFilled,
      quantity,
      reportedFilled,
      fills: [...fills.keys()].sort(),
    }
  }

  it('comes to the same whatever the order in which it arrives, and however often', () => {
    const shuffled = fc
      .array(step, { maxLength: 12 })
      .chain((steps) =>
        fc.tuple(
          fc.constant(steps),
          fc.shuffledSubarray(steps, { minLength: steps.length }),
          fc.array(fc.nat(Math.max(0, steps.length - 1)), { maxLength: 6 }),
        ),
      )
    fc.assert(
      fc.property(shuffled, ([steps, mixed, repeats]) => {
        const again = repeats.map((index) => steps[index]).filter((one) => one !== undefined)
        expect(essence(after(...mixed, ...again))).toEqual(essence(after(...steps)))
      }),
      { numRuns: 2_000 },
    )
  })

  it('never leaves "filled" for less, unless the order grew, and never forgets a fill', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), step, (steps, next) => {
        const before = after(...steps)
        const now = next(before)
        expect(filledQuantity(now)).toBeGreaterThanOrEqual(filledQuantity(before))
        const hasGrown = now.quantity > before.quantity || now.reportedFilled > before.reportedFilled
        if (stateOf(before) === 'filled' && !hasGrown) expect(stateOf(now)).toBe('filled')
      }),
      { numRuns: 2_000 },
    )
  })

  it('does not go back to intended or unknown once there is evidence', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), step, (steps, next) => {
        const before = after(...steps)
        if (isUnresolved(before)) return
        expect(['intended', 'unknown']).not.toContain(stateOf(next(before)))
      }),
    )
  })

  it('knows the same of an order whether it was recognised early or late', () => {
    const split = fc.tuple(fc.array(step, { maxLength: 6 }), fc.array(step, { maxLength: 6 }))
    fc.assert(
      fc.property(split, ([ours, other]) => {
        expect(essence(mergeFacts(after(...ours), after(...other)))).toEqual(
          essence(after(...ours, ...other)),
        )
      }),
    )
  })
})
