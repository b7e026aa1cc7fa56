import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EventPublisher } from '@xts-bridge/bus'
import { ManualClock } from '@xts-bridge/contracts'
import { systemClock } from '@xts-bridge/runtime'
import { IndexFolder } from './index-folder'
import { InstrumentStore } from './instrument-store'
import { listed, publish } from './testing/lists'
import { watchInstruments } from './watch-instruments'

const NOBODY = 'tcp://127.0.0.1:9'

describe('watching the instrument list', () => {
  let path: string
  let folder: IndexFolder
  let store: InstrumentStore
  const closers: (() => Promise<void>)[] = []

  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'watch-instruments-'))
    folder = new IndexFolder(path)
    store = new InstrumentStore({ folder: path })
  })

  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
    rmSync(path, { recursive: true })
  })

  it('loads at once what is there', () => {
    publish(folder, 'v20261120-1', [listed('TCS', 1)])
    const onLoaded = jest.fn()
    const watch = watchInstruments({ store, eventsEndpoint: NOBODY, clock: new ManualClock(), onLoaded })
    closers.push(() => watch.close())
    expect(onLoaded.mock.calls).toEqual([['v20261120-1']])
  })

  it('looks again until a first list is there, and for newer ones without any event', async () => {
    const clock = new ManualClock()
    const loaded: string[] = []
    const versions = pushed(loaded)
    const watch = watchInstruments({ store, eventsEndpoint: NOBODY, clock, onLoaded: versions.push })
    closers.push(() => watch.close())
    await clock.advance(5_000)
    publish(folder, 'v20261120-1', [listed('TCS', 1)])
    await clock.advance(1_000)
    await versions.length(1)
    publish(folder, 'v20261120-2', [listed('INFY', 2)])
    await clock.advance(15_000)
    await versions.length(2)
    expect(loaded).toEqual(['v20261120-1', 'v20261120-2'])
    expect(store.find({ exchange: 'NSE', symbol: 'INFY' })).toBeDefined()
  })

  it('loads on instruments.swapped', async () => {
    const publisher = new EventPublisher({
      endpoint: 'tcp://127.0.0.1:*',
      endpointSetting: 'TEST',
      clock: systemClock,
      epoch: 'e1',
    })
    const eventsEndpoint = await publisher.bind()
    closers.push(() => publisher.close())
    publish(folder, 'v20261120-1', [listed('TCS', 1)])
    const stillClock = new ManualClock() // so that no look at the pointer helps
    const loaded: string[] = []
    const versions = pushed(loaded)
    const watch = watchInstruments({ store, eventsEndpoint, clock: stillClock, onLoaded: versions.push })
    closers.push(() => watch.close())
    publish(folder, 'v20261120-2', [listed('INFY', 2)])
    // The first contact alone makes it look; only then does an event prove anything.
    await versions.length(2)
    publish(folder, 'v20261120-3', [listed('WIPRO', 3)])
    publisher.publish('instruments.swapped', {})
    await versions.length(3)
    expect(loaded).toEqual(['v20261120-1', 'v20261120-2', 'v20261120-3'])
  })

  it('reports a damaged list once and keeps the one it has', async () => {
    publish(folder, 'v20261120-1', [listed('TCS', 1)])
    const clock = new ManualClock()
    const problems: string[] = []
    const seen = pushed(problems)
    const onProblem = (_: string, { problem }: Readonly<Record<string, unknown>>): void =>
      seen.push(String(problem))
    const watch = watchInstruments({ store, eventsEndpoint: NOBODY, clock, onProblem })
    closers.push(() => watch.close())
    writeFileSync(folder.path('v20261120-2'), 'not an index')
    folder.pointTo('v20261120-2')
    const loads = jest.spyOn(store, 'loadInSteps')
    await clock.advance(15_000)
    await clock.advance(15_000)
    while (loads.mock.calls.length < 2) await new Promise((resolve) => setImmediate(resolve))
    await Promise.allSettled(loads.mock.results.map(({ value }) => value as Promise<boolean>))
    publish(folder, 'v20261120-3', [listed('INFY', 2)])
    writeFileSync(folder.path('v20261120-3'), 'not an index')
    await clock.advance(15_000)
    await seen.length(2)
    expect(problems).toEqual([
      expect.stringContaining('v20261120-2.index is damaged'),
      expect.stringContaining('v20261120-3.index is damaged'),
    ])
    expect(store.version).toBe('v20261120-1')
  })
})

/** A list that can be waited on until it has so many entries. */
function pushed(entries: string[]): {
  push: (entry: string) => void
  length: (count: number) => Promise<void>
} {
  let wake: () => void = () => undefined
  return {
    push: (entry) => {
      entries.push(entry)
      wake()
    },
    length: (count) =>
      new Promise((resolve) => {
        wake = () => {
          if (entries.length >= count) resolve()
        }
        wake()
      }),
  }
}
