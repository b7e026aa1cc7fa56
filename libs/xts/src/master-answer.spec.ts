import fc from 'fast-check'
import { MasterAnswer, type MasterAnswerEnd } from './master-answer'

function read(answer: string | Buffer, pieceBytes = 7): { text: string; end: MasterAnswerEnd } {
  const bytes = Buffer.from(answer)
  let text = ''
  const reader = new MasterAnswer((part) => (text += part))
  for (let at = 0; at < bytes.length; at += pieceBytes) reader.add(bytes.subarray(at, at + pieceBytes))
  return { text, end: reader.end() }
}

const envelope = (result: unknown): string =>
  JSON.stringify({ type: 'success', code: 's-instrument-0010', description: 'instrument data', result })

describe('the rows of a streamed answer', () => {
  it.each([1, 2, 3, 7, 64, 100_000])('are its text whatever the size of its pieces (%i bytes)', (size) => {
    const rows = 'NSECM|1|8|A&B\nNSECM|2|8|"C"\\D\r\nNSECM|3|8|é\n'
    expect(read(envelope(rows), size)).toEqual({ text: rows, end: { kind: 'list' } })
  })

  it('are any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 9 }), (rows, size) => {
        expect(read(envelope(rows), size)).toEqual({ text: rows, end: { kind: 'list' } })
      }),
    )
  })

  it('may stand anywhere in the envelope, spaced and escaped in any way', () => {
    const answer = '{ "result" :\n "NSE\\u0043M|1\\/2" , "type": "success", "code": "s" }'
    expect(read(answer)).toEqual({ text: 'NSECM|1/2', end: { kind: 'list' } })
  })

  it('may be none', () => {
    expect(read(envelope(''))).toEqual({ text: '', end: { kind: 'list' } })
  })
})

describe('an answer without a list says why', () => {
  it('in the words of the broker', () => {
    const answer = { type: 'error', code: 'e-session-0007', description: 'Invalid Token' }
    expect(read(JSON.stringify(answer)).end).toEqual({
      kind: 'refused',
      code: 'e-session-0007',
      description: 'Invalid Token',
      isSessionInvalid: true,
    })
  })

  it('even where an error has a text for a result', () => {
    const answer = { type: 'error', code: 'e-x', description: 'No', result: 'NSECM|1' }
    expect(read(JSON.stringify(answer)).end).toMatchObject({ kind: 'refused', code: 'e-x' })
  })

  it.each<[string, string | Buffer, RegExp]>([
    ['nothing', '', /empty body/],
    ['a web page', '<html><body>503</body></html>', /HTML/],
    ['rows without an envelope', 'NSECM|1|8|A\nNSECM|2|8|B', /unreadable body/],
    ['a list cut off', envelope('NSECM|1\nNSECM|2').slice(0, -6), /breaks off/],
    ['an envelope cut off after its list', envelope('NSECM|1').slice(0, -1), /unreadable/],
    ['a list that is no text', envelope(['NSECM|1']), /not a text/],
    ['no list', envelope(null), /not a text/],
    ['a list of objects that hold texts', envelope({ result: 'NSECM|1' }), /not a text/],
    ['bytes that are no UTF-8', Buffer.from(`{"type":"success","result":"\xe9"}`, 'latin1'), /not UTF-8/],
    ['UTF-16', Buffer.from(envelope('NSECM|1'), 'utf16le'), /unreadable|UTF-8/],
    ['a raw line end inside the text', '{"type":"success","result":"a\nb"}', /not JSON/],
    ['something endless', `{"type":"success",${' '.repeat(70_000)}`, /no list in its first 65536/],
    [
      'something endless after the list',
      `{"type":"success","result":""${' '.repeat(70_000)}`,
      /after the list/,
    ],
  ])('%s', (_, answer, problem) => {
    expect(read(answer, 4_096).end).toEqual({ kind: 'unreadable', problem: expect.stringMatching(problem) })
  })
})
