import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readTape, TapeUnusable } from './read-tape'
import { TapeRecorder } from './tape-recorder'
import type { TapeMessage } from './tape-message'

const CAPTURED_FILE = join(
  __dirname,
  '../../../../../shared/data/xts_ticks_1501_1105_partial_2022-07-09.jsonl',
)
const GOOD_LINE = '{"recv": "2022-07-09T18:04:57", "event": "1501-json-partial", "data": "t:1_26000,ltp:1"}'
const HEAD = '{"tape":"xts-simulator","version":1,"startedAtMs":1}'

describe('readTape', () => {
  let folder: string
  const fileOf = (...lines: string[]): string => {
    const file = join(folder, 'a.jsonl')
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
    return file
  }

  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'tape-'))))
  afterEach(() => rmSync(folder, { recursive: true }))

  it('reads the lines of a captured socket log, and who each is for', () => {
    const noise = '{"recv": "2022-07-09T18:04:58", "event": "1105-json-partial", "data": "t:0_0"}'
    const notice = '{"recv": "2022-07-09T18:04:59+05:30", "event": "1507-json-full", "data": "{\\"ExchangeSegment\\":1,\\"ExchangeInstrumentID\\":0}"}' // prettier-ignore
    const tape = readTape(fileOf(GOOD_LINE, '', noise, notice))
    expect(tape.messages.map(({ to }) => to)).toEqual(['1501:1:26000', '*', '1507'])
    expect(tape.messages[0]).toMatchObject({
      atMs: Date.UTC(2022, 6, 9, 18, 4, 57),
      payload: 't:1_26000,ltp:1',
    })
    expect([tape.format, [...tape.instruments], [...(tape.forms.get('1501:1:26000') ?? [])]]).toEqual([
      'captured',
      ['1:26000'],
      ['partial'],
    ])
  })

  const itWithData = existsSync(CAPTURED_FILE) ? it : it.skip
  itWithData('reads all of a captured morning', () => {
    const tape = readTape(CAPTURED_FILE)
    const lines = readFileSync(CAPTURED_FILE, 'utf8').trimEnd().split('\n')
    expect(tape.messages.map(({ payload }) => payload)).toEqual(
      lines.map((line) => (JSON.parse(line) as { data: string }).data),
    )
    expect([...tape.instruments].sort()).toEqual(['1:26000', '1:26001', '1:26002', '2:53734'])
  })

  it('reads back what a recorder wrote, texts and bytes alike', () => {
    const file = join(folder, 'own.jsonl')
    const messages: TapeMessage[] = [
      { atMs: 5, to: '1501:1:26000', event: '1501-json-full', payload: '{"ünicode":"₹"}' },
      { atMs: 6, to: '*', event: '1105-json-partial', payload: 't:0_0' },
      {
        atMs: 7,
        to: '1502:1:26000',
        event: 'xts-binary-packet',
        payload: Buffer.from([0, 255, 128, 10, 13]),
      },
    ]
    const recorder = new TapeRecorder(file)
    recorder.begin(1)
    for (const message of messages) recorder.record(message)
    recorder.close()
    expect(readTape(file)).toMatchObject({ format: 'recording', messages })
    expect([...readTape(file).forms.keys()]).toEqual(['1501:1:26000', '1502:1:26000'])
  })

  it('never writes over a file that is there', () => {
    const file = fileOf('mine')
    expect(() => new TapeRecorder(file).begin(1)).toThrow(/a\.jsonl cannot be used: .*EEXIST/)
    expect(readFileSync(file, 'utf8')).toBe('mine\n')
  })

  it.each([
    ['no JSON', [GOOD_LINE, 'hello'], /a\.jsonl cannot be used: line 2 is no JSON object/],
    ['a torn line', [GOOD_LINE, GOOD_LINE.slice(0, 50)], /line 2 is no JSON object/],
    ['a list', ['[1]'], /line 1 has no time/],
    ['no time', ['{"event":"1501-json-partial","data":"t:1_1"}'], /line 1 has no time \(recv/],
    ['a time that is none', [GOOD_LINE.replace('2022-07-09', 'tomorrow')], /line 1 has no time/],
    ['an order event', [GOOD_LINE.replace('1501-json-partial', 'order')], /line 1 has an event that no market-data socket sends: "order"/],
    ['no payload', ['{"recv":"2022-07-09T18:04:57","event":"1501-json-partial"}'], /line 1 has no payload/],
    ['no instrument', [GOOD_LINE.replace('t:1_26000,', '')], /line 1 names no instrument in its payload: "ltp:1"/],
    ['nothing in it', [''], /it has no messages/],
    ['another version', ['{"tape":"xts-simulator","version":2}', GOOD_LINE], /line 1 is of a kind or version/],
    ['a recording without receiver', [HEAD, '{"atMs":1,"event":"1501-json-full","text":"{}"}'], /line 2 does not say whom it is for/],
    ['a recording without payload', [HEAD, '{"atMs":1,"to":"*","event":"1105-json-partial"}'], /line 2 has no payload \(text or base64\)/],
    ['a recording without time', [HEAD, '{"atMs":"1","to":"*","event":"1105-json-partial","text":""}'], /line 2 has no time \(atMs/],
  ])('refuses a file with %s, naming the line', (_what, lines, problem) => {
    const file = fileOf(...lines)
    expect(() => readTape(file)).toThrow(problem)
    expect(() => readTape(file)).toThrow(TapeUnusable)
  }) // prettier-ignore

  it('refuses a file that is not there, and a folder', () => {
    expect(() => readTape(join(folder, 'gone'))).toThrow(/gone cannot be used: .*ENOENT/)
    expect(() => readTape(folder)).toThrow(/cannot be used: .*EISDIR/)
  })
})
