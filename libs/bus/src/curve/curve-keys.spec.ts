import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isCurveKey } from '@xts-bridge/contracts'
import { curveKeyPair } from 'zeromq'
import { publicKeyOf, readPublicKey, readSecretKey } from './curve-keys'

describe('a CURVE pair', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'xts-curve-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('has a public half that follows from the secret one', () => {
    for (let count = 0; count < 20; count += 1) {
      const pair = curveKeyPair()
      expect(publicKeyOf(pair.secretKey)).toBe(pair.publicKey)
      expect(isCurveKey(pair.publicKey)).toBe(true)
    }
  })

  it('gives the public key of the example in ZeroMQ’s manual of CURVE', () => {
    expect(publicKeyOf('D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs')).toBe(
      'Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID',
    )
  })

  it('is read from a file that only its owner can read', () => {
    const pair = curveKeyPair()
    const file = join(folder, 'client.key')
    writeFileSync(file, `${pair.secretKey}\n`, { mode: 0o600 })
    expect(readSecretKey(file)).toEqual(pair)
  })

  it.each([0o640, 0o604, 0o620, 0o666])('is refused from a file with mode %o', (mode) => {
    const file = join(folder, 'server.key')
    writeFileSync(file, curveKeyPair().secretKey)
    chmodSync(file, mode)
    expect(() => readSecretKey(file)).toThrow(`${file} has mode ${mode.toString(8)}; it must be 600`)
  })

  it.each(['', 'short', 'x'.repeat(39), `${'x'.repeat(39)},`, 'x'.repeat(45)])('is not %j', (text) => {
    const file = join(folder, 'server.pub')
    writeFileSync(file, text)
    expect(() => readPublicKey(file)).toThrow(`${file} holds no CURVE key`)
    expect(() => publicKeyOf(text)).toThrow('40 characters')
  })
})
