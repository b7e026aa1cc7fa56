import fc from 'fast-check'
import { decodeZ85, encodeZ85 } from './z85'

describe('Z85', () => {
  it('writes the example of ZeroMQ RFC 32', () => {
    expect(encodeZ85(Buffer.from('864fd26fb559f75b', 'hex'))).toBe('HelloWorld')
    expect(decodeZ85('HelloWorld')?.toString('hex')).toBe('864fd26fb559f75b')
  })

  it('brings back any key', () => {
    const key = fc.uint8Array({ minLength: 32, maxLength: 32 })
    fc.assert(fc.property(key, (bytes) => decodeZ85(encodeZ85(Buffer.from(bytes)))?.equals(bytes) === true))
  })

  it.each(['HelloWorl', 'Hello World', 'Hello,orld', '#####', 'Hellé', 'HelloWorld\n'])(
    'refuses %j',
    (text) => {
      expect(decodeZ85(text)).toBeUndefined()
    },
  )
})
