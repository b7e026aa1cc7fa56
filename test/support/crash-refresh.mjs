// Runs one refresh of an instrument list in this process, on the compiled service, and kills the process at a step.
// node crash-refresh.mjs <folder> <step> <lot> : two segments, every share with this lot size. Other steps:
// "none" lets the run end, "other" adds a row of another broker, "inspect" starts as the service does and prints what it has.
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(import.meta.url)
const fs = require('node:fs')
const dist = join(import.meta.dirname, '../../dist')
const app = (file) => require(join(dist, 'apps/master-contract/src', file))
const lib = (name) => require(join(dist, 'libs', name, 'src/index.js'))
const [folderPath, step, lot] = process.argv.slice(2)

const die = () => process.kill(process.pid, 'SIGKILL')
const dieAt = (name) => {
  if (step === name) die()
}

const { IndexFolder, IndexFile } = lib('instruments')
const { InstrumentTable, openInstrumentsDatabase } = lib('persistence')
const { ListBuilder } = app('list-builder.js')
const { RefreshInstruments } = app('refresh-instruments.js')
const { KeptLists } = app('kept-lists.js')
const { repairList } = app('repair-list.js')

const SEGMENTS = { NSECM: [1, 'EQ'], BSECM: [11, 'A'] }
function answerOf(segment) {
  const [number, series] = SEGMENTS[segment]
  const rows = Array.from({ length: 1_500 }, (_, at) => {
    const name = `S${at + 1}`
    const id = `${number}1001${String(at + 1).padStart(8, '0')}`
    return `${segment}|${at + 1}|8|${name}|${name}-${series}|${series}|${name}-${series}|${id}|110|90|1000|0.05|${lot}|1|${name}|INE002A01018|1|1|${name} LTD|0|-1|-1`
  })
  return Buffer.from(JSON.stringify({ type: 'success', code: 's', result: rows.join('\n') }))
}

function workshop() {
  const builder = new ListBuilder()
  return {
    begin: (segment) => builder.begin(segment),
    addBytes: (bytes) => builder.addBytes(bytes),
    endMaster: async () => builder.end(),
    addIndices: async (segment, indices) => builder.addIndices(segment, indices),
    check: async (list) => builder.check(list),
    write: async (path, meta) => builder.write(path, meta),
    compare: async () => {
      dieAt('index written')
      return builder.compare()
    },
    async *texts(kind) {
      for (let text = builder.nextText(kind); text !== undefined; text = builder.nextText(kind)) yield text
    },
    rewind: () => builder.rewind(),
    close: async () => undefined,
  }
}

const ONE_OF_ANOTHER_BROKER = {
  ...{ exchange: 'NSE', symbol: 'S1', segment: 'NSECM', token: 1, brokerSymbol: 'S1', name: 'S1' },
  ...{ instrumentType: 'EQ', lotSize: 9, tickSize: 0.05, multiplier: 1, series: 'EQ' },
}

/** What file, pointer and table hold: how many rows of which lot. */
async function inspect() {
  const pointer = folder.current()
  const list = pointer === undefined ? undefined : IndexFile.read(folder.path(pointer))
  const lots = {}
  for (const { lotSize } of list?.listed() ?? []) lots[lotSize] = (lots[lotSize] ?? 0) + 1
  const rows = await database.query(
    `SELECT lotsize, count(*) AS rows FROM symbol_token JOIN symbol_detail USING (broker, brexchange, token)
     WHERE broker = 'ours' GROUP BY lotsize`,
  )
  return {
    pointer,
    file: lots,
    tableVersion: await table.version('ours'),
    table: Object.fromEntries(rows.map((row) => [row.lotsize, row.rows])),
    other: await table.count('other'),
    leftovers: fs.readdirSync(folder.folder).filter((name) => name.endsWith('.unfinished')),
  }
}

/** Dies inside the calls that make a file safe. */
function watchFiles() {
  const { fsyncSync, renameSync } = fs
  fs.fsyncSync = (handle) => {
    dieAt('index before its sync')
    return fsyncSync(handle)
  }
  fs.renameSync = (from, to) => {
    if (to.endsWith('.index')) dieAt('index before its rename')
    if (to.endsWith('current')) dieAt('pointer before its rename')
    renameSync(from, to)
    if (to.endsWith('.index')) dieAt('index before its folder is synced')
    if (to.endsWith('current')) dieAt('pointer renamed')
  }
}

const folder = new IndexFolder(join(folderPath, 'instruments'))
const database = await openInstrumentsDatabase(join(folderPath, 'instruments.sqlite'))
const table = new InstrumentTable(database, { onStatement: ({ purpose }) => dieAt(`table: ${purpose}`) })
const clock = { nowMs: () => Date.parse('2026-11-20T06:30:00+05:30'), after: () => () => undefined }
const kept = new KeptLists({ folder, broker: 'ours', keepDays: 7, nowMs: clock.nowMs })
const current = folder.current()
const lastGood = current === undefined ? undefined : IndexFile.read(folder.path(current)).meta
if (step === 'other') {
  await table.replace('other', { version: 'v20260101-1', instruments: [ONE_OF_ANOTHER_BROKER] })
  process.exit(0)
}
if (step === 'inspect') {
  await repairList({ broker: 'ours', folder, table, onRepaired: () => undefined })
  console.log(JSON.stringify(await inspect()))
  process.exit(0)
}
watchFiles()
if (step.startsWith('repair')) {
  // What a crash before the table was swapped left behind is repaired, and that dies as well.
  const repairing = new InstrumentTable(database, {
    onStatement: ({ purpose }) => dieAt(`repair: ${purpose}`),
  })
  await repairList({ broker: 'ours', folder, table: repairing, onRepaired: () => undefined })
  die()
}
const refresh = new RefreshInstruments({
  ...{ clock, folder, table, openWorkshop: workshop, broker: 'ours', segments: Object.keys(SEGMENTS) },
  limits: {
    ...{ mostLostPercent: 10, mostGainedPercent: 50, mostRefusedPercent: 2, mostExpiredPercent: 2 },
    ...{ mandatory: [], skipped: [] },
  },
  lists: {
    open: async () => undefined,
    master: async (segment, shop) => {
      shop.begin(segment)
      const answer = answerOf(segment)
      shop.addBytes(answer.subarray(0, 20_000))
      if (segment === 'BSECM') dieAt('download')
      shop.addBytes(answer.subarray(20_000))
      await shop.endMaster()
      return { isHad: true }
    },
    indices: async () => ({ isHad: true, value: [] }),
  },
  prune: () => {
    dieAt('before pruning')
    kept.prune()
  },
  onProgress: ({ step: reached }) => dieAt(`step: ${reached}`),
})
await refresh.run(lastGood)
dieAt('after the run')
await database.close()
