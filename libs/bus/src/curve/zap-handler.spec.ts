import { zapReply, ZAP_DOMAIN, type Knock } from './zap-handler'

const KEY = Buffer.alloc(32)
const ZERO_KEY = '0'.repeat(40)

function question(
  change: Partial<Record<'version' | 'domain' | 'mechanism', string>> = {},
  key = KEY,
): Buffer[] {
  const { version = '1.0', domain = ZAP_DOMAIN, mechanism = 'CURVE' } = change
  return [...[version, '7', domain, '10.0.0.7', '', mechanism].map((text) => Buffer.from(text)), key]
}

describe('zapReply', () => {
  const knocks: Knock[] = []
  const admit = (knock: Knock): string => {
    knocks.push(knock)
    return 'laptop'
  }
  beforeEach(() => {
    knocks.length = 0
  })

  it('lets in whom the list names', () => {
    expect(zapReply(question(), admit).map(String)).toEqual(['1.0', '7', '200', 'OK', 'laptop', ''])
    expect(knocks).toEqual([{ clientAddress: '10.0.0.7', clientKey: ZERO_KEY }])
  })

  it('refuses whom it does not name', () => {
    const reply = zapReply(question(), () => undefined).map(String)
    expect(reply).toEqual(['1.0', '7', '400', 'not on the allow-list', '', ''])
  })

  it.each([
    ['another version', question({ version: '2.0' })],
    ['another domain', question({ domain: '' })],
    ['another mechanism', question({ mechanism: 'PLAIN' })],
    ['no mechanism', question({ mechanism: 'NULL' })],
    ['half a key', question({}, Buffer.alloc(16))],
    ['no key', question().slice(0, 6)],
    ['nothing', []],
  ])('refuses %s without asking the list', (_, frames) => {
    expect(String(zapReply(frames, admit)[2])).toBe('400')
    expect(knocks).toEqual([])
  })
})
