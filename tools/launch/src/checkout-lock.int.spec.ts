import { execFile, spawn, type PromiseWithChild } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const LOCK_MODULE = pathToFileURL(join(__dirname, '../checkout/checkout-lock.mjs')).href
/** Takes the lock, notes that it is inside, lingers, notes that it leaves. */
const WORKER = `
  import { appendFileSync } from 'node:fs'
  import { setTimeout as wait } from 'node:timers/promises'
  import { withCheckoutLock } from '${LOCK_MODULE}'
  const [, lock, notes, name] = process.argv
  await withCheckoutLock(lock, async () => {
    appendFileSync(notes, name + ' in\\n')
    await wait(50)
    appendFileSync(notes, name + ' out\\n')
  })
`

describe('the lock of a checkout', () => {
  let folder = ''
  let lock = ''
  let notes = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lock-'))
    lock = join(folder, 'deep', 'launch.lock')
    notes = join(folder, 'notes')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const run = (name: string): PromiseWithChild<{ stdout: string }> =>
    promisify(execFile)(process.execPath, ['--input-type=module', '-e', WORKER, lock, notes, name])

  it('lets one command in at a time', async () => {
    await Promise.all(['a', 'b', 'c', 'd'].map(run))
    const lines = readFileSync(notes, 'utf8').trim().split('\n')
    expect(lines).toHaveLength(8)
    for (let index = 0; index < lines.length; index += 2)
      expect(lines[index + 1]).toBe(lines[index]?.replace('in', 'out'))
    expect(existsSync(lock)).toBe(false)
  })

  it('is taken over from a process that is gone', async () => {
    const gone = spawn(process.execPath, ['-e', ''])
    await new Promise((resolve) => gone.once('exit', resolve))
    await run('first')
    writeFileSync(lock, String(gone.pid))
    await Promise.all([run('a'), run('b')])
    expect(readFileSync(notes, 'utf8')).toMatch(/^first in\nfirst out\n(\w) in\n\1 out\n(\w) in\n\2 out\n$/)
  })

  it('says who holds it', async () => {
    await run('first')
    writeFileSync(lock, String(process.pid))
    const waiting = run('second')
    waiting.child.stdout?.once('data', () => rmSync(lock))
    expect((await waiting).stdout).toContain(`process ${process.pid} is installing or building`)
  })
})
