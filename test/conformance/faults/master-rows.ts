import { MasterAnswer, parseMasterText } from '@xts-bridge/xts'
import { ok } from '../simulated-broker'
import type { FaultDesk, FaultRequest } from './fault-desk'
import type { FaultRows } from './fault-rows'

const NONE = { sockets: [] } as const

/** The shares' list, read as the service reads it: streamed, unwrapped, parsed. */
async function listUnder(desk: FaultDesk, fault?: FaultRequest) {
  if (fault !== undefined) await desk.fault(fault)
  let text = ''
  const answers: MasterAnswer[] = []
  const outcome = await desk.market.downloadMaster('NSECM', () => {
    text = ''
    const answer = new MasterAnswer((rows) => (text += rows))
    answers.push(answer)
    return (piece) => answer.add(piece)
  })
  const list = parseMasterText(text)
  const refused = list.counts.flatMap(({ refused: reasons }) => Object.keys(reasons))
  return { outcome, end: answers.at(-1)?.end(), count: list.instruments.length, refused }
}

/** Faults of the instrument list. A list that is not whole looks different from one that is. */
export const MASTER_ROWS = {
  'master-header-only': {
    behaviour: 'the line of names is counted as such, and there is no instrument',
    desk: NONE,
    check: async (desk) => {
      const read = await listUnder(desk, { name: 'master-header-only' })
      expect(read).toMatchObject({ end: { kind: 'list' }, count: 0, refused: ['header-line'] })
    },
  },
  'master-empty': {
    behaviour: 'it is a list without a row, not an error',
    desk: NONE,
    check: async (desk) => {
      expect(await listUnder(desk, { name: 'master-empty' })).toMatchObject({
        end: { kind: 'list' },
        count: 0,
      })
    },
  },
  'master-half': {
    behaviour: 'the broken row is refused for a reason, and the others are half of what there is',
    desk: NONE,
    check: async (desk) => {
      const whole = await listUnder(desk)
      const half = await listUnder(desk, { name: 'master-half' })
      expect(half.count).toBeLessThan(whole.count)
      expect(half.refused.filter((reason) => !whole.refused.includes(reason))).toHaveLength(1)
    },
  },
  'master-duplicated-tokens': {
    behaviour: 'rows that share a token are refused by name, never taken for one another',
    desk: NONE,
    check: async (desk) => {
      const whole = await listUnder(desk)
      const doubled = await listUnder(desk, { name: 'master-duplicated-tokens' })
      expect(doubled.count).toBeLessThan(whole.count)
      expect(doubled.refused.length).toBeGreaterThan(whole.refused.length)
    },
  },
  'master-slow': {
    behaviour: 'a list that comes in small pieces is read whole',
    desk: NONE,
    check: async (desk) => {
      const whole = await listUnder(desk)
      const slow = await listUnder(desk, { name: 'master-slow', delayMs: 1_500 })
      ok(slow.outcome)
      expect([slow.end, slow.count]).toEqual([{ kind: 'list' }, whole.count])
    },
  },
} as const satisfies FaultRows
