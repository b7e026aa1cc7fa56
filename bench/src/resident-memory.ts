import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { BenchHouse } from './bench-house'
import type { BenchResult } from './result'

const SETTLE_MS = 5_000

/** Resident memory of each process at rest, and of the house without the simulator. Reads /proc, so Linux only. */
export async function residentMemory(house: BenchHouse): Promise<BenchResult> {
  await wait(SETTLE_MS)
  const figures = Object.fromEntries(
    Object.entries(house.pids()).map(([name, pid]) => [name, residentMiB(pid)]),
  )
  const whole = Object.entries(figures).reduce(
    (sum, [name, mib]) => (name === 'simulator' ? sum : sum + mib),
    0,
  )
  const bare = residentMiB(process.pid)
  return {
    name: 'resident memory at rest, 100,000 instruments and more',
    unit: 'MiB',
    figures: {
      ...figures,
      'whole house without the simulator': whole,
      'this measuring process, for scale': bare,
    },
    ratios: {},
  }
}

function residentMiB(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(match?.[1] ?? Number.NaN) / 1_024
}
