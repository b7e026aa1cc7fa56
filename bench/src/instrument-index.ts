import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ListedInstrument } from '@xts-bridge/contracts'
import { encodeIndex, IndexFolder, InstrumentStore } from '@xts-bridge/instruments'
import { MasterParser } from '@xts-bridge/xts'
import type { ColdLoad } from './instrument-index-load'
import { lookups } from './instrument-lookups'
import { madeMaster } from './instrument-rows'
import { searches } from './instrument-searches'
import { longestPauseDuring } from './longest-pause'
import { quantile, type BenchResult } from './result'

const LOADS = 9
const SWAPS = 20
const PIECE_BYTES = 65_536
const COLD_LOAD_GOAL_MS = 20
const SWAP_PAUSE_GOAL_MS = 5

/** The instrument index over 150,000 instruments: how it is made, loaded, asked, swapped and searched. */
export async function instrumentIndex(): Promise<readonly BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-instruments-'))
  try {
    const { instruments, making } = makeIndex(folder)
    const store = new InstrumentStore({ folder })
    store.load()
    return [
      making,
      coldLoads(new IndexFolder(folder).path('v20261120-1')),
      lookups(store, instruments),
      await swapPauses(folder, instruments),
      await searches(store),
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Parses made-up master rows, piece by piece as they come from a socket, and writes the first index file. */
function makeIndex(folder: string): {
  readonly instruments: readonly ListedInstrument[]
  readonly making: BenchResult
} {
  const texts = madeMaster().map(({ rows }) => Buffer.from(rows.join('\n')))
  const parser = new MasterParser()
  const parseMs = timed(() => {
    for (const text of texts) {
      for (let at = 0; at < text.length; at += PIECE_BYTES)
        parser.addText(text.subarray(at, at + PIECE_BYTES))
      parser.endText()
    }
  })
  const finishedAt = process.hrtime.bigint()
  const { instruments } = parser.finish()
  const finishMs = Number(process.hrtime.bigint() - finishedAt) / 1e6
  const encodeMs = timed(() => publish(folder, 'v20261120-1', instruments))
  return {
    instruments,
    making: {
      name: `an index of ${instruments.length} instruments is made, in the worker that does so each night`,
      unit: 'ms',
      figures: {
        'master rows to instruments': parseMs,
        'symbols made unique': finishMs,
        'instruments to a synced file': encodeMs,
      },
      ratios: {},
    },
  }
}

function publish(folder: string, version: string, instruments: readonly ListedInstrument[]): void {
  const files = new IndexFolder(folder)
  files.write(version, encodeIndex(instruments, { version, broker: 'bench', builtAtMs: 0, segments: [] }))
  files.pointTo(version)
}

/** Each load is the first work of a fresh process; the file is in the page cache, as after a download. */
function coldLoads(path: string): BenchResult {
  const loads = Array.from({ length: LOADS }, () => {
    const printed = execFileSync(process.execPath, [join(__dirname, 'instrument-index-load.js'), path])
    return JSON.parse(printed.toString()) as ColdLoad
  })
  const took = loads.map(({ tookMs }) => tookMs)
  const resident = loads.map(({ residentMiB }) => residentMiB)
  return {
    name: `a fresh process loads the index, ${LOADS} times`,
    unit: 'ms, MiB',
    figures: {
      'cold load, fastest (ms)': Math.min(...took),
      'cold load, median (ms)': quantile(took, 0.5),
      'cold load, slowest (ms)': Math.max(...took),
      'resident memory it adds, median (MiB)': quantile(resident, 0.5),
    },
    ratios: {
      [`median / goal of ${COLD_LOAD_GOAL_MS} ms`]: {
        value: quantile(took, 0.5) / COLD_LOAD_GOAL_MS,
        limit: 1,
      },
    },
  }
}

/** Swaps from list to list as `instruments.swapped` makes a process do, while a second loop looks for pauses. */
async function swapPauses(folder: string, instruments: readonly ListedInstrument[]): Promise<BenchResult> {
  publish(folder, 'v20261120-2', instruments)
  const files = new IndexFolder(folder)
  const store = new InstrumentStore({ folder })
  store.load()
  const pauses: number[] = []
  const idlePauses: number[] = []
  for (let swap = 0; swap < SWAPS; swap += 1) {
    files.pointTo(swap % 2 === 0 ? 'v20261120-1' : 'v20261120-2')
    const startedAtMs = performance.now()
    pauses.push(await longestPauseDuring(() => store.loadInSteps()))
    const tookMs = performance.now() - startedAtMs
    idlePauses.push(await longestPauseDuring(() => wait(tookMs)))
  }
  return {
    name: `the event loop while a process swaps to a new list, ${SWAPS} times`,
    unit: 'ms',
    figures: {
      'longest pause of a swap, median': quantile(pauses, 0.5),
      'longest of all': Math.max(...pauses),
      'without a swap, in the same time, median': quantile(idlePauses, 0.5),
      'without a swap, longest of all': Math.max(...idlePauses),
    },
    ratios: {
      [`median / goal of ${SWAP_PAUSE_GOAL_MS} ms`]: {
        value: quantile(pauses, 0.5) / SWAP_PAUSE_GOAL_MS,
        limit: 1,
      },
    },
  }
}

function timed(work: () => void): number {
  const startedAt = process.hrtime.bigint()
  work()
  return Number(process.hrtime.bigint() - startedAt) / 1e6
}
