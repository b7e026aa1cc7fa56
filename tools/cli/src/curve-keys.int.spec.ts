import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCurveKeys } from './curve-keys'
import { readHousePlace } from './settings'
import { runXb } from './xb'

const KEY = /[0-9a-zA-Z.\-:+=^!/*?&<>()[\]{}@%$#]{40}/

describe('npm run curve-keys', () => {
  let keysFolder = ''
  let said = ''
  beforeEach(() => {
    keysFolder = mkdtempSync(join(tmpdir(), 'xts-keys-'))
    said = ''
  })
  afterEach(() => rmSync(keysFolder, { recursive: true }))

  const run = (...words: string[]): number =>
    runCurveKeys(words, { keysFolder, out: (text) => (said += text), err: (text) => (said += text) })
  const read = (file: string): string => readFileSync(join(keysFolder, file), 'utf8').trim()
  const bundle = (): string => join(keysFolder, 'bundle')

  it('makes the house’s keys for their owner alone, and prints the public one', () => {
    expect(run('house')).toBe(0)
    expect(said).toContain(read('curve/server.pub'))
    expect(said).not.toContain(read('curve/server.key'))
    expect(statSync(join(keysFolder, 'curve')).mode & 0o777).toBe(0o700)
    expect(statSync(join(keysFolder, 'curve/clients')).mode & 0o777).toBe(0o700)
    for (const file of ['server.key', 'client.key'])
      expect(statSync(join(keysFolder, 'curve', file)).mode & 0o777).toBe(0o600)
    expect(read('curve/clients/house.pub')).toBe(read('curve/client.pub'))
  })

  it('keeps the keys that are there', () => {
    run('house')
    const before = [read('curve/server.key'), read('curve/client.key'), read('curve/server.pub')]
    rmSync(join(keysFolder, 'curve/server.pub'))
    run('house')
    expect([read('curve/server.key'), read('curve/client.key'), read('curve/server.pub')]).toEqual(before)
  })

  it('writes a client’s bundle, prints no secret and keeps none', () => {
    expect(run('client', 'laptop', '--out', bundle())).toBe(0)
    expect(readdirSync(bundle()).sort()).toEqual(['client.key', 'client.pub', 'server.pub'])
    expect(statSync(join(bundle(), 'client.key')).mode & 0o777).toBe(0o600)
    const secret = read('bundle/client.key')
    expect(secret).toMatch(KEY)
    expect(said).not.toContain(secret)
    expect(said).toContain(read('bundle/client.pub'))
    expect(read('curve/clients/laptop.pub')).toBe(read('bundle/client.pub'))
    expect(read('bundle/server.pub')).toBe(read('curve/server.pub'))
    const ours = readdirSync(join(keysFolder, 'curve'), { recursive: true, withFileTypes: true })
    const files = ours.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    expect(files.map((file) => readFileSync(file, 'utf8').trim())).not.toContain(secret)
  })

  it('lets in a client that made its own pair, lists it, and revokes it', () => {
    const key = 'Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID'
    run('house')
    expect(run('allow', 'desk-2', key)).toBe(0)
    said = ''
    run('list')
    expect(said).toContain(`${key}  desk-2\n`)
    expect(run('revoke', 'desk-2')).toBe(0)
    said = ''
    run('list')
    expect(said).not.toContain('desk-2')
  })

  it.each([
    ['a name that is taken', ['allow', 'house', 'Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID'], 'already'],
    ['a name that leads out of the folder', ['revoke', '../server'], 'letters'],
    ['a key that is none', ['allow', 'desk', 'abc'], '40 characters'],
    ['a client there is not', ['revoke', 'nobody'], 'no client "nobody"'],
    ['an option there is not', ['list', '--all'], '--all'],
  ])('refuses %s', (_, words, why) => {
    run('house')
    expect(run(...words)).toBe(1)
    expect(said).toContain(why)
  })

  it.each([[[]], [['house', 'more']], [['client']], [['sell']]])('explains itself for %j', (words) => {
    expect(run(...words)).toBe(64)
    expect(said).toContain('npm run curve-keys -- house')
  })

  it('does not write a bundle over what is there, nor let its client in', () => {
    run('house')
    writeFileSync(bundle(), 'something else')
    expect(run('client', 'laptop', '--out', bundle())).toBe(1)
    said = ''
    run('list')
    expect(said).not.toContain('laptop')
  })

  it('does not use a server key that others can read', () => {
    run('house')
    rmSync(join(keysFolder, 'curve/server.key'))
    writeFileSync(join(keysFolder, 'curve/server.key'), 'x'.repeat(40), { mode: 0o644 })
    expect(run('house')).toBe(1)
    expect(said).toContain('it must be 600')
  })

  it('is xb curve-keys too', async () => {
    const environment = { KEYS_DIR: keysFolder, ENV_FILE: '/dev/null' }
    const ports = {
      environment,
      out: (text: string) => (said += text),
      err: (text: string) => (said += text),
    }
    await expect(runXb(['curve-keys', 'house'], ports)).resolves.toBe(0)
    expect(said).toContain(read('curve/server.pub'))
  })

  it('gives xb the keys of an encrypted house', () => {
    const environment = { KEYS_DIR: 'k', BUS_CURVE: 'remote', ENV_FILE: '/dev/null' }
    const AUTH_REQUESTS_ENDPOINT = 'tcp://192.0.2.10:5561'
    expect(readHousePlace(false, environment).curveFolder).toBeUndefined()
    expect(readHousePlace(false, { ...environment, AUTH_REQUESTS_ENDPOINT }).curveFolder).toBe('k/curve')
    expect(readHousePlace(false, { ...environment, BUS_CURVE: 'always' }).curveFolder).toBe('k/curve')
  })
})
