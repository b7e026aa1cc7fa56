import { AppError, type Caller, type Clock, type KeyVerification } from '@xts-bridge/contracts'
import type { RequestClient } from '@xts-bridge/bus'
import { keyDigest } from './key-digest'

export interface KeyCheckOptions {
  /** Asks auth-service `key.verify` with this service's own key. */
  readonly auth: Pick<RequestClient, 'request'>
  readonly clock: Clock
  /** How long a verified key is believed without asking again; 60,000 unless given. */
  readonly maxAgeMs?: number
}

const MAX_AGE_MS = 60_000
/** A key that was not known is refused without asking for this long, so that guessing does not reach auth-service. */
const REFUSAL_AGE_MS = 5_000
const ASK_TIMEOUT_MS = 2_000
/** Most keys remembered in each of the two caches; the oldest goes first. */
const MAX_REMEMBERED = 1_000
/** Most keys asked about at once; further unknown keys are answered KEY_CHECK_UNAVAILABLE. */
const MAX_ASKING = 256

interface Remembered {
  /** Missing: the key is not known. */
  readonly caller?: Caller | undefined
  readonly untilMs: number
}

/**
 * Who a key belongs to, by asking auth-service once a minute at most. Keys are held as SHA-256 digests only, and found by
 * digest, never compared.
 */
export class KeyCheck {
  private readonly verified = new Map<string, Remembered>()
  private readonly refused = new Map<string, Remembered>()
  private readonly asking = new Map<string, Promise<Caller>>()
  /** Keys revoked while an answer about them may be under way; that answer may be older than the revocation. */
  private readonly revokedMeanwhile = new Set<string>()
  private generation = 0
  private dropped = 0

  constructor(private readonly options: KeyCheckOptions) {}

  /** Entries that went before their time because a cache was full. */
  get droppedCount(): number {
    return this.dropped
  }

  /** The key's caller. Throws KEY_MISSING, KEY_INVALID, KEY_CHECK_UNAVAILABLE (nobody could say). */
  verify(apiKey: string | undefined): Promise<Caller> {
    if (apiKey === undefined || apiKey === '') return Promise.reject(new AppError('KEY_MISSING'))
    const digest = keyDigest(apiKey)
    const known = this.recall(digest)
    if (known?.caller) return Promise.resolve(known.caller)
    if (known) return Promise.reject(new AppError('KEY_INVALID'))
    return this.asking.get(digest) ?? this.askOnce(digest)
  }

  /** A key was revoked: it is refused from now on, also when an answer about it is under way. */
  forget(keyId: string): void {
    if (this.asking.size > 0) this.revokedMeanwhile.add(keyId)
    for (const [digest, { caller }] of this.verified) {
      if (caller?.keyId === keyId) this.verified.delete(digest)
    }
  }

  /** Revocations may have been missed: every key is asked about anew, also those whose answer is under way. */
  forgetAll(): void {
    this.generation += 1
    this.verified.clear()
  }

  private recall(digest: string): Remembered | undefined {
    const known = this.verified.get(digest) ?? this.refused.get(digest)
    return known && known.untilMs > this.options.clock.nowMs() ? known : undefined
  }

  private askOnce(digest: string): Promise<Caller> {
    if (this.asking.size >= MAX_ASKING)
      return Promise.reject(
        new AppError('KEY_CHECK_UNAVAILABLE', { reason: 'too many keys are being checked' }),
      )
    const answer = this.ask(digest).finally(() => {
      this.asking.delete(digest)
      if (this.asking.size === 0) this.revokedMeanwhile.clear()
    })
    this.asking.set(digest, answer)
    return answer
  }

  private async ask(digest: string): Promise<Caller> {
    const generation = this.generation
    const { caller } = await this.askAuth(digest)
    if (!caller) {
      this.remember(this.refused, digest, { untilMs: this.options.clock.nowMs() + REFUSAL_AGE_MS })
      throw new AppError('KEY_INVALID')
    }
    if (this.revokedMeanwhile.has(caller.keyId)) throw new AppError('KEY_INVALID')
    if (generation === this.generation) {
      const untilMs = this.options.clock.nowMs() + (this.options.maxAgeMs ?? MAX_AGE_MS)
      this.remember(this.verified, digest, { caller, untilMs })
    }
    return caller
  }

  private async askAuth(digest: string): Promise<KeyVerification> {
    try {
      return await this.options.auth.request<KeyVerification>(
        'key.verify',
        { keyDigest: digest },
        { timeoutMs: ASK_TIMEOUT_MS },
      )
    } catch (cause) {
      // Also a refusal of this service's own key: to the caller it says nothing about theirs.
      const reason = cause instanceof AppError ? cause.code : 'INTERNAL'
      throw new AppError('KEY_CHECK_UNAVAILABLE', { reason }, { cause })
    }
  }

  private remember(cache: Map<string, Remembered>, digest: string, entry: Remembered): void {
    cache.delete(digest)
    const [oldest] = cache
    if (oldest && cache.size >= MAX_REMEMBERED) {
      cache.delete(oldest[0])
      if (oldest[1].untilMs > this.options.clock.nowMs()) this.dropped += 1
    }
    cache.set(digest, entry)
  }
}
