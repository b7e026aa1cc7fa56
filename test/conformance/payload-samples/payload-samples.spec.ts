import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { KNOWN_DIFFERENCES } from './known-differences'
import { differences, shapeOf } from './sample-shape'
import { emit, SITUATIONS } from './situations'

const covers = (entry: string, difference: string): boolean =>
  entry.endsWith('*') ? difference.startsWith(entry.slice(0, -1)) : difference === entry

interface Sample {
  readonly name: string
  /** A year, a month or a day. */
  readonly captured: string
  readonly data: unknown
}

const FILE = join(__dirname, '../../../../shared/data/xts_real_payload_samples.json')
const samples = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Sample[]) : []
if (samples.length === 0)
  console.log('Captured payloads are not beside the project; their comparison is skipped.')

// Captured payloads of real gateways: what the simulator emits in the same situation has the same fields in the same
// order, with the same types and formats. A difference is either mended or stands in KNOWN_DIFFERENCES with its reason.
const describeWithSamples = samples.length > 0 ? describe : describe.skip
describeWithSamples('what the simulator emits', () => {
  it.each(samples.map(({ name }) => name))('is written like the captured %s', async (name) => {
    const sample = samples.find((candidate) => candidate.name === name)
    const situation = SITUATIONS[name]
    if (sample === undefined || situation === undefined)
      throw new Error(`no situation brings about "${name}"`)
    const emitted = await emit(situation)
    const found = differences(
      shapeOf(sample.data, Date.parse(sample.captured)),
      shapeOf(emitted.payload, emitted.atMs),
    )
    const known = Object.keys(KNOWN_DIFFERENCES[name] ?? {})
    expect(found.filter((difference) => !known.some((entry) => covers(entry, difference)))).toEqual([])
    // What is no longer so must leave the table.
    expect(known.filter((entry) => !found.some((difference) => covers(entry, difference)))).toEqual([])
  })

  it('has no situation and no known difference of a sample that is not there', () => {
    const names = samples.map(({ name }) => name)
    const told = [...Object.keys(SITUATIONS), ...Object.keys(KNOWN_DIFFERENCES)]
    expect(told.filter((name) => !names.includes(name))).toEqual([])
  })
})
