import fc from 'fast-check'
import { MAX_HELD_EVENTS, SequenceTracker, type BusEvent, type TrackerStep } from './sequence-tracker'

const event = (seq: number, epoch = 'e1'): BusEvent => ({
  topic: `t${seq}`,
  epoch,
  seq,
  atMs: seq,
  data: seq,
})

/** `5` an event, `lost 6-7`, `epoch e2`, and `ask 5` for a wish. */
function words(step: TrackerStep): string[] {
  const outputs = step.outputs.map((output) => {
    if (output.kind === 'event') return String(output.event.seq)
    if (output.kind === 'loss') return `lost ${output.loss.fromSeq}-${output.loss.toSeq}`
    return `epoch ${output.epoch}`
  })
  return step.wish === undefined ? outputs : [...outputs, `ask ${step.wish.afterSeq}`]
}

function wishOf(step: TrackerStep): NonNullable<TrackerStep['wish']> {
  if (step.wish === undefined) throw new Error('there is no wish')
  return step.wish
}

describe('SequenceTracker', () => {
  it('begins with the first event it sees', () => {
    const tracker = new SequenceTracker()
    expect(words(tracker.event(event(7)))).toEqual(['epoch e1', '7'])
    expect(words(tracker.event(event(8)))).toEqual(['8'])
  })

  it('begins behind the first heartbeat it sees', () => {
    const tracker = new SequenceTracker()
    expect(words(tracker.heartbeat({ epoch: 'e1', seq: 7 }))).toEqual(['epoch e1'])
    expect(words(tracker.event(event(8)))).toEqual(['8'])
  })

  it('begins where the reader says, and asks for what came since', () => {
    const tracker = new SequenceTracker({ epoch: 'e1', seq: 5 })
    const step = tracker.event(event(8))
    expect(words(step)).toEqual(['ask 5'])
    expect(words(tracker.repaired(wishOf(step), [event(6), event(7)]))).toEqual(['6', '7', '8'])
  })

  it('drops what it has given already', () => {
    const tracker = new SequenceTracker({ epoch: 'e1', seq: 5 })
    expect(words(tracker.event(event(5)))).toEqual([])
    expect(words(tracker.event(event(6)))).toEqual(['6'])
    expect(words(tracker.event(event(6)))).toEqual([])
  })

  it('holds later events back while it asks once for a gap', () => {
    const tracker = new SequenceTracker({ epoch: 'e1', seq: 1 })
    const step = tracker.event(event(4))
    expect(words(step)).toEqual(['ask 1'])
    expect(words(tracker.event(event(5)))).toEqual([])
    expect(words(tracker.repaired(wishOf(step), [event(3), event(2), event(4), event(1)]))).toEqual([
      '2',
      '3',
      '4',
      '5',
    ])
  })

  it('sees by the heartbeat that the last event was lost', () => {
    const tracker = new SequenceTracker({ epoch: 'e1', seq: 1 })
    const step = tracker.heartbeat({ epoch: 'e1', seq: 2 })
    expect(words(step)).toEqual(['ask 1'])
    expect(words(tracker.repaired(wishOf(step), [event(2)]))).toEqual(['2'])
    expect(words(tracker.heartbeat({ epoch: 'e1', seq: 2 }))).toEqual([])
  })

  it('asks again when an answer holds only a part', () => {
    const tracker = new SequenceTracker({ epoch: 'e1', seq: 0 })
    const first = tracker.heartbeat({ epoch: 'e1', seq: 4 })
    const second = tracker.repaired(wishOf(first), [event(1), event(2)])
    expect(words(second)).toEqual(['1', '2', 'ask 2'])
    expect(words(tracker.repaired(wishOf(second), [event(3), event(4)]))).toEqual(['3', '4'])
  })

  it('names as lost what the publisher no longer has, and goes on behind it', () => {
    const tracker = new SequenceTracker({ epoch: 'e1', seq: 1 })
    const step = tracker.event(event(6))
    expect(words(tracker.repaired(wishOf(step), [event(4), event(5)]))).toEqual(['lost 2-3', '4', '5', '6'])
  })

  it('names a gap as lost when the repair fails, and asks anew for the next one', () => {
    const tracker = new SequenceTracker({ epoch: 'e1', seq: 1 })
    const step = tracker.event(event(3))
    tracker.event(event(5))
    const next = tracker.repairFailed(wishOf(step), 'no answer')
    expect(words(next)).toEqual(['lost 2-2', '3', 'ask 3'])
    expect(words(tracker.repairFailed(wishOf(next), 'no answer'))).toEqual(['lost 4-4', '5'])
  })

  it('ignores answers that are not to its open wish', () => {
    const tracker = new SequenceTracker({ epoch: 'e1', seq: 1 })
    const step = tracker.event(event(3))
    expect(words(tracker.repaired({ ...wishOf(step) }, []))).toEqual([])
    expect(words(tracker.event(event(2)))).toEqual(['2', '3'])
    expect(words(tracker.repaired(wishOf(step), []))).toEqual([])
  })

  it('names a gap as lost when the answer holds only what was given already', () => {
    const tracker = new SequenceTracker({ epoch: 'e1', seq: 1 })
    const step = tracker.event(event(3))
    expect(words(tracker.repaired(wishOf(step), [event(1)]))).toEqual(['lost 2-2', '3'])
  })

  it('ignores stored events of another epoch', () => {
    const tracker = new SequenceTracker({ epoch: 'e1', seq: 1 })
    const step = tracker.event(event(3))
    expect(words(tracker.repaired(wishOf(step), [event(2, 'e0')]))).toEqual(['lost 2-2', '3'])
  })

  it('says so when the sequence begins anew, and asks for its beginning', () => {
    const tracker = new SequenceTracker({ epoch: 'e1', seq: 9 })
    const step = tracker.event(event(2, 'e2'))
    expect(words(step)).toEqual(['epoch e2', 'ask 0'])
    expect(words(tracker.repaired(wishOf(step), [event(1, 'e2')]))).toEqual(['1', '2'])
  })

  it('names what was still missing of the old epoch as lost', () => {
    const tracker = new SequenceTracker({ epoch: 'e1', seq: 1 })
    tracker.event(event(4))
    expect(words(tracker.heartbeat({ epoch: 'e2', seq: 0 }))).toEqual(['lost 2-4', 'epoch e2'])
  })

  it('does not go back to an epoch that has ended', () => {
    const tracker = new SequenceTracker({ epoch: 'e1', seq: 1 })
    tracker.heartbeat({ epoch: 'e2', seq: 0 })
    expect(words(tracker.event(event(2, 'e1')))).toEqual([])
    expect(words(tracker.heartbeat({ epoch: 'e1', seq: 2 }))).toEqual([])
    expect(words(tracker.event(event(1, 'e2')))).toEqual(['1'])
  })

  it('holds a limited number of events and asks again for those it left out', () => {
    const tracker = new SequenceTracker({ epoch: 'e1', seq: 0 })
    const first = tracker.event(event(2))
    for (let seq = 3; seq <= MAX_HELD_EVENTS + 3; seq += 1) tracker.event(event(seq))
    const second = tracker.repaired(wishOf(first), [event(1)])
    expect(words(second).at(-1)).toBe(`ask ${MAX_HELD_EVENTS + 1}`)
    const rest = [event(MAX_HELD_EVENTS + 2), event(MAX_HELD_EVENTS + 3)]
    expect(words(tracker.repaired(wishOf(second), rest))).toHaveLength(2)
  })
})

/** What happens to one published event on its way, and to the repairs around it. */
const fate = fc.record({
  live: fc.constantFrom('arrives', 'is lost', 'arrives twice', 'arrives late'),
  isStored: fc.boolean(),
  isBeatAfter: fc.boolean(),
  doesRepairAnswerNow: fc.boolean(),
  answer: fc.constantFrom('all', 'first', 'shuffled', 'failure'),
})
type Fate = typeof fate extends fc.Arbitrary<infer T> ? T : never

/** Publishes one event per fate into a tracker and returns everything it put out. */
function play(fates: readonly Fate[]): { outputs: TrackerStep['outputs']; lost: Set<number> } {
  const tracker = new SequenceTracker({ epoch: 'e1', seq: 0 })
  const outputs: TrackerStep['outputs'][number][] = []
  const stored: BusEvent[] = []
  let wish: TrackerStep['wish']
  const take = (step: TrackerStep): void => {
    outputs.push(...step.outputs)
    wish = step.wish ?? wish
  }
  const answer = (how: Fate['answer']): void => {
    const asked = wish
    if (asked === undefined) return
    wish = undefined
    if (how === 'failure') return take(tracker.repairFailed(asked, 'no answer'))
    const found = stored.filter(({ seq }) => seq > asked.afterSeq)
    const events = how === 'first' ? found.slice(0, 1) : how === 'shuffled' ? found.reverse() : found
    take(tracker.repaired(asked, events))
  }
  let late: BusEvent | undefined
  fates.forEach(({ live, isStored, isBeatAfter, doesRepairAnswerNow, answer: how }, index) => {
    const next = event(index + 1)
    if (isStored) stored.push(next)
    if (live === 'arrives' || live === 'arrives twice') take(tracker.event(next))
    if (live === 'arrives twice') take(tracker.event(next))
    if (late !== undefined) take(tracker.event(late))
    late = live === 'arrives late' ? next : undefined
    if (isBeatAfter) take(tracker.heartbeat({ epoch: 'e1', seq: next.seq }))
    if (doesRepairAnswerNow) answer(how)
  })
  take(tracker.heartbeat({ epoch: 'e1', seq: fates.length }))
  while (wish !== undefined) answer('all')
  const losses = outputs.flatMap((output) => (output.kind === 'loss' ? [output.loss] : []))
  const lost = new Set(
    losses.flatMap(({ fromSeq, toSeq }) =>
      Array.from({ length: toSeq - fromSeq + 1 }, (_, n) => fromSeq + n),
    ),
  )
  return { outputs, lost }
}

describe('SequenceTracker under random losses, duplicates, late arrivals and failing repairs', () => {
  it('gives every event exactly once and in order, or names it as lost', () => {
    fc.assert(
      fc.property(fc.array(fate, { minLength: 1, maxLength: 60 }), (fates) => {
        const covered = play(fates).outputs.flatMap((output) => {
          if (output.kind === 'event') return [output.event.seq]
          if (output.kind === 'epoch') return []
          const { fromSeq, toSeq } = output.loss
          return Array.from({ length: toSeq - fromSeq + 1 }, (_, n) => fromSeq + n)
        })
        expect(covered).toEqual(fates.map((_, index) => index + 1))
      }),
      { numRuns: 1_000 },
    )
  })

  it('loses nothing when every event is stored and repairs answer', () => {
    const repairable = fate.map((one) => ({
      ...one,
      isStored: true,
      answer: one.answer === 'failure' ? ('all' as const) : one.answer,
    }))
    fc.assert(
      fc.property(fc.array(repairable, { minLength: 1, maxLength: 60 }), (fates) => {
        expect(play(fates).lost.size).toBe(0)
      }),
      { numRuns: 500 },
    )
  })
})
