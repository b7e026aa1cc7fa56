import { VirtualClock } from '../time/virtual-clock'
import type { TapeMessage } from './tape-message'
import { TapePlayer, type TapeSpeed, type TapeStart } from './tape-player'

const message = (atMs: number, text = `at ${atMs}`): TapeMessage => ({
  atMs,
  to: '1501:1:26000',
  event: '1501-json-partial',
  payload: text,
})

function open(o: { times?: number[]; speed?: TapeSpeed; start?: TapeStart } = {}) {
  const clock = new VirtualClock(5000)
  const heard: string[] = []
  const audience = {
    isThere: false,
    isListening: () => audience.isThere,
    hear: ({ payload }: TapeMessage) => void heard.push(`${String(payload)} @${clock.nowMs() - 5000}`),
  }
  const messages = (o.times ?? [100, 100, 350, 1100]).map((atMs, place) => message(atMs, `m${place}`))
  const tape = { file: 'f', format: 'captured' as const, messages, instruments: new Set(['1:26000']), forms: new Map<string, Set<'partial'>>() } // prettier-ignore
  const player = new TapePlayer({ tape, clock, audience, speed: o.speed ?? 1, start: o.start ?? 'at-once' })
  player.start()
  return { clock, heard, audience, player }
}

describe('TapePlayer', () => {
  it('keeps the recorded order and spacing', () => {
    const { clock, heard, player } = open()
    clock.advanceBy(999)
    expect(heard).toEqual(['m0 @0', 'm1 @0', 'm2 @250'])
    clock.advanceBy(1)
    expect(heard).toEqual(['m0 @0', 'm1 @0', 'm2 @250', 'm3 @1000'])
    expect(player.report()).toMatchObject({ state: 'ended', position: { message: 4, of: 4 }, elapsed: { ms: 1000, ofMs: 1000 } }) // prettier-ignore
  })

  it.each([
    [2, ['m0 @0', 'm1 @0', 'm2 @125', 'm3 @500']],
    [0.5, ['m0 @0', 'm1 @0', 'm2 @500', 'm3 @2000']],
    // A message may be late by the fraction of a millisecond that a timer does not know, and never early.
    [3, ['m0 @0', 'm1 @0', 'm2 @84', 'm3 @334']],
    ['max', ['m0 @0', 'm1 @0', 'm2 @0', 'm3 @0']],
  ] as const)('divides the spacing by a speed of %s', (speed, expected) => {
    const { clock, heard } = open({ speed })
    clock.advanceBy(3000)
    expect(heard).toEqual(expected)
  })

  it('waits until somebody listens', () => {
    const { clock, heard, audience, player } = open({ start: 'listener' })
    clock.advanceBy(1000)
    expect([heard, player.report().state]).toEqual([[], 'waiting'])
    audience.isThere = true
    clock.advanceBy(300)
    expect(heard).toEqual(['m0 @1020', 'm1 @1020', 'm2 @1270'])
  })

  it('pauses in the middle of a gap and goes on with the rest of it', () => {
    const { clock, heard, player } = open()
    clock.advanceBy(200)
    player.pause()
    clock.advanceBy(5000)
    expect(player.report()).toMatchObject({ state: 'paused', elapsed: { ms: 200 }, position: { message: 2 } })
    player.play()
    clock.advanceBy(50)
    expect(heard.at(-1)).toBe('m2 @5250')
  })

  it('changes its speed in the middle of a gap', () => {
    const { clock, heard, player } = open()
    clock.advanceBy(600)
    player.setSpeed(4)
    clock.advanceBy(100)
    expect(heard.at(-1)).toBe('m3 @700')
  })

  it('begins anew when it is rewound, and when it had ended waits to be played', () => {
    const { clock, heard, player } = open()
    clock.advanceBy(300)
    player.rewind()
    clock.advanceBy(2000)
    expect(heard).toEqual(['m0 @0', 'm1 @0', 'm2 @250', 'm0 @300', 'm1 @300', 'm2 @550', 'm3 @1300'])
    player.rewind()
    clock.advanceBy(2000)
    expect([heard.length, player.report().state]).toEqual([7, 'paused'])
    player.play()
    clock.advanceBy(2000)
    expect(heard).toHaveLength(11)
  })

  it('tells a message whose recorder went back in time right behind the one before', () => {
    const { clock, heard } = open({ times: [100, 300, 250, 400] })
    clock.advanceBy(1000)
    expect(heard).toEqual(['m0 @0', 'm1 @200', 'm2 @200', 'm3 @300'])
  })

  it('tells more messages of one moment than fit in a turn', () => {
    const { clock, heard } = open({ times: Array.from({ length: 1000 }, () => 7) })
    clock.advanceBy(0)
    expect(heard).toHaveLength(1000)
  })

  it('tells nothing more once it is closed', () => {
    const { clock, heard, player } = open()
    player.close()
    clock.advanceBy(2000)
    expect(heard).toEqual([])
  })
})
