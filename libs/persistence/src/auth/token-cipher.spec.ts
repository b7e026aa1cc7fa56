import { TokenCipher, TokenUnreadableError } from './token-cipher'

const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'
const PLACE = 'simulator/primary/interactive'
const cipher = new TokenCipher(KEY)

/** The sealed text with one of its four parts replaced. */
function withPart(sealed: string, index: number, change: (part: string) => string): string {
  return sealed
    .split('.')
    .map((part, i) => (i === index ? change(part) : part))
    .join('.')
}

/** Flips one bit of the first byte, whatever it is. */
function flipBit(part: string): string {
  const bytes = Buffer.from(part, 'base64url')
  bytes[0] = (bytes[0] ?? 0) ^ 1
  return bytes.toString('base64url')
}

describe('TokenCipher', () => {
  it.each(['eyJhbGciOiJIUzI1NiJ9.e30.c2ln', '', 'ünïcode $ # @ & ₹'])('opens what it sealed: %j', (token) => {
    expect(cipher.open(cipher.seal(token, PLACE), PLACE)).toBe(token)
  })

  it('does not show the token, and seals it differently each time', () => {
    const first = cipher.seal('eyJ-the-token', PLACE)
    expect(first).not.toContain('eyJ-the-token')
    expect(Buffer.from(first.split('.')[3] ?? '', 'base64url').toString()).not.toContain('eyJ-the-token')
    expect(cipher.seal('eyJ-the-token', PLACE)).not.toBe(first)
  })

  it.each([
    ['a changed ciphertext', (sealed: string) => withPart(sealed, 3, flipBit)],
    ['a changed tag', (sealed: string) => withPart(sealed, 2, flipBit)],
    ['a changed nonce', (sealed: string) => withPart(sealed, 1, flipBit)],
    [
      'a shortened tag',
      (sealed: string) =>
        withPart(sealed, 2, (tag) => Buffer.from(tag, 'base64url').subarray(0, 4).toString('base64url')),
    ],
    ['a truncated ciphertext', (sealed: string) => withPart(sealed, 3, (part) => part.slice(0, 4))],
    ['a missing part', (sealed: string) => sealed.split('.').slice(0, 3).join('.')],
    ['another format', (sealed: string) => withPart(sealed, 0, () => 'v2')],
    ['text that was never sealed', () => 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln'],
    ['nothing', () => ''],
  ])('refuses %s', (_, tamper) => {
    expect(() => cipher.open(tamper(cipher.seal('token', PLACE)), PLACE)).toThrow(TokenUnreadableError)
  })

  it('refuses a token that was moved to another row', () => {
    expect(() => cipher.open(cipher.seal('token', PLACE), 'simulator/primary/market')).toThrow(
      TokenUnreadableError,
    )
  })

  it('refuses a token sealed under another key', () => {
    const other = new TokenCipher('f'.repeat(64))
    expect(() => other.open(cipher.seal('token', PLACE), PLACE)).toThrow(TokenUnreadableError)
  })

  it.each(['', 'short', 'g'.repeat(64), 'a'.repeat(63), 'a'.repeat(66)])('refuses %j as a key', (key) => {
    expect(() => new TokenCipher(key)).toThrow('64 hex digits')
  })

  it('never puts the token in the error', () => {
    expect.assertions(1)
    try {
      cipher.open('v1.eyJ-token.eyJ-token.eyJ-token', PLACE)
    } catch (error) {
      expect(String(error)).not.toContain('eyJ-token')
    }
  })
})
