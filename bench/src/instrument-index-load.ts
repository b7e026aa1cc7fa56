import { IndexFile } from '@xts-bridge/instruments'

/** What one fresh process found when it loaded an index file as its first work. */
export interface ColdLoad {
  readonly tookMs: number
  readonly residentMiB: number
}

/** Loads the file named on the command line and prints a ColdLoad: a process that has done nothing else. */
function main(path: string): void {
  const before = process.memoryUsage.rss()
  const startedAt = process.hrtime.bigint()
  const list = IndexFile.read(path)
  const tookMs = Number(process.hrtime.bigint() - startedAt) / 1e6
  const residentMiB = (process.memoryUsage.rss() - before) / (1 << 20)
  if (list.count === 0) throw new Error('The index is empty.')
  process.stdout.write(JSON.stringify({ tookMs, residentMiB } satisfies ColdLoad))
}

main(process.argv[2] ?? '')
