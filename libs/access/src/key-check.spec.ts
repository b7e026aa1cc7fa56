import { inspect } from 'node:util'
import { AppError, ManualClock, type Caller } from '@xts-bridge/contracts'
import { KeyCheck } from './key-check'
import { keyDigest } from './key-digest'

const strategy: Caller = {
  keyId: 'K1',
  name: 'strategy',
  kind: 'user',
  scopes: ['order.read'],
  accounts: ['*'],
  clientIDs: ['*'],
}

/** auth-service as a table of digests; answers can be held back. */
class Auth {
  readonly asked: { subject: string; data: unknown }[] = []
  readonly known = new Map<string, Caller>([[keyDigest('good-key'), strategy]])
  error: Error | undefined
  gate: Promise<void> = Promise.resolve()

  async request<T>(subject: string, data: unknown): Promise<T> {
    this.asked.push({ subject, data })
    const { error } = this
    const caller = this.known.get((data as { keyDigest: string }).keyDigest)
    await this.gate
    if (error) throw error
    return (caller ? { caller } : {}) as T
  }

  /** Answers wait until the returned function is called. */
  hold(): () => void {
    let open = (): void => undefined
    this.gate = new Promise((resolve) => (open = resolve))
    return open
  }
}

let auth: Auth
let clock: ManualClock
let keys: KeyCheck

beforeEach(() => {
  auth = new Auth()
  clock = new ManualClock()
  keys = new KeyCheck({ auth, clock })
})

const code = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'allowed',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  )

describe('KeyCheck', () => {
  it('asks with the SHA-256 digest; the key itself does not travel', async () => {
    expect(await keys.verify('good-key')).toEqual(strategy)
    // From sha256sum, not from our code.
    const digest = 'b8ce88d57f4916859bcecb01b98b041299a759313987af89f9fc6608d7440537'
    expect(auth.asked).toEqual([{ subject: 'key.verify', data: { keyDigest: digest } }])
  })

  it.each([undefined, ''])('refuses %j without asking', async (key) => {
    expect(await code(keys.verify(key))).toBe('KEY_MISSING')
    expect(auth.asked).toHaveLength(0)
  })

  it('refuses a key nobody knows', async () => {
    expect(await code(keys.verify('bad-key'))).toBe('KEY_INVALID')
  })

  it('believes a verified key for a minute, then asks again', async () => {
    await keys.verify('good-key')
    await clock.advance(59_999)
    await keys.verify('good-key')
    expect(auth.asked).toHaveLength(1)
    auth.known.clear()
    await clock.advance(1)
    expect(await code(keys.verify('good-key'))).toBe('KEY_INVALID')
    expect(auth.asked).toHaveLength(2)
  })

  it('refuses an unknown key for five seconds without asking, then asks again', async () => {
    await code(keys.verify('new-key'))
    auth.known.set(keyDigest('new-key'), strategy)
    await clock.advance(4_999)
    expect(await code(keys.verify('new-key'))).toBe('KEY_INVALID')
    expect(auth.asked).toHaveLength(1)
    await clock.advance(1)
    expect(await code(keys.verify('new-key'))).toBe('allowed')
  })

  it('asks once for many requests with the same key at once', async () => {
    const open = auth.hold()
    const answers = Array.from({ length: 50 }, () => keys.verify('good-key'))
    open()
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 50 }, () => strategy))
    expect(auth.asked).toHaveLength(1)
  })

  it('refuses a revoked key at once', async () => {
    await keys.verify('good-key')
    auth.known.clear()
    keys.forget('K1')
    expect(await code(keys.verify('good-key'))).toBe('KEY_INVALID')
  })

  it('keeps other keys when one is revoked', async () => {
    await keys.verify('good-key')
    keys.forget('K2')
    await keys.verify('good-key')
    expect(auth.asked).toHaveLength(1)
  })

  it('refuses a key that was revoked while the answer about it was under way', async () => {
    const open = auth.hold()
    const answer = code(keys.verify('good-key'))
    keys.forget('K1')
    auth.known.clear()
    open()
    expect(await answer).toBe('KEY_INVALID')
    expect(await code(keys.verify('good-key'))).toBe('KEY_INVALID')
  })

  it('asks about every key anew once revocations may have been missed, also one under way then', async () => {
    await keys.verify('good-key')
    keys.forgetAll()
    const open = auth.hold()
    const answer = keys.verify('good-key')
    keys.forgetAll()
    open()
    await answer
    await keys.verify('good-key')
    expect(auth.asked).toHaveLength(3)
  })

  it.each([
    new AppError('REPLY_LOST', { subject: 'key.verify', waitedMs: 2_000 }),
    new AppError('REQUEST_NOT_SENT', { subject: 'key.verify', reason: 'nobody there' }),
    // This service's own key was refused: no fault of the caller's.
    new AppError('KEY_INVALID'),
    new Error('bug'),
  ])('says that nobody could check when auth-service does not answer: %s', async (error) => {
    auth.error = error
    expect(await code(keys.verify('good-key'))).toBe('KEY_CHECK_UNAVAILABLE')
  })

  it('asks again right after an answer that did not come', async () => {
    auth.error = new AppError('REPLY_LOST', {})
    await code(keys.verify('good-key'))
    auth.error = undefined
    expect(await keys.verify('good-key')).toEqual(strategy)
  })

  it('serves a key it knows while auth-service is away', async () => {
    await keys.verify('good-key')
    auth.error = new AppError('REPLY_LOST', {})
    expect(await code(keys.verify('good-key'))).toBe('allowed')
  })

  it('remembers a thousand refusals at most, counts what it drops, and still knows good keys', async () => {
    await keys.verify('good-key')
    for (let i = 0; i < 1_500; i += 1) await code(keys.verify(`guess-${i}`))
    expect(keys.droppedCount).toBe(500)
    const askedBefore = auth.asked.length
    await keys.verify('good-key')
    await code(keys.verify('guess-1499'))
    expect(auth.asked).toHaveLength(askedBefore)
    await code(keys.verify('guess-0'))
    expect(auth.asked).toHaveLength(askedBefore + 1)
  })

  it('asks about 256 keys at once and no more', async () => {
    const open = auth.hold()
    const answers = Array.from({ length: 300 }, (_, i) => code(keys.verify(`guess-${i}`)))
    open()
    const codes = await Promise.all(answers)
    expect(auth.asked).toHaveLength(256)
    expect(codes.filter((c) => c === 'KEY_CHECK_UNAVAILABLE')).toHaveLength(44)
  })

  it('never puts a key into an error', async () => {
    auth.error = new AppError('REPLY_LOST', {})
    const error: unknown = await keys.verify('good-key').catch((e: unknown) => e)
    expect(inspect(error, { depth: 9 })).not.toContain('good-key')
  })
})
