import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const ALGORITHM = 'aes-256-gcm'
const FORMAT = 'v1'
const IV_BYTES = 12
const TAG_BYTES = 16

/** Thrown when a sealed text was changed, belongs to another place, or was sealed under another key. */
export class TokenUnreadableError extends Error {
  constructor(options?: { readonly cause?: unknown }) {
    super('A stored token cannot be opened: it was changed, moved, or sealed under another key.', options)
    this.name = 'TokenUnreadableError'
  }
}

/**
 * AES-256-GCM for tokens at rest. A sealed text is `v1.<iv>.<tag>.<ciphertext>` in base64url and is bound to its place:
 * moved to another row it does not open.
 */
export class TokenCipher {
  private readonly key: Buffer

  /** `keyHex` is 64 hex digits; throws when it is not. */
  constructor(keyHex: string) {
    if (!/^[0-9a-f]{64}$/i.test(keyHex)) throw new Error('The token encryption key must be 64 hex digits.')
    this.key = Buffer.from(keyHex, 'hex')
  }

  seal(token: string, place: string): string {
    const iv = randomBytes(IV_BYTES)
    const cipher = createCipheriv(ALGORITHM, this.key, iv).setAAD(Buffer.from(place))
    const sealed = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()])
    return [FORMAT, ...[iv, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join('.')
  }

  /** Throws TokenUnreadableError. */
  open(sealedText: string, place: string): string {
    const [format, ivText, tagText, sealed] = sealedText.split('.')
    const iv = Buffer.from(ivText ?? '', 'base64url')
    const tag = Buffer.from(tagText ?? '', 'base64url')
    // A shortened tag would be far easier to forge, and GCM accepts one unless its length is fixed here.
    if (format !== FORMAT || sealed === undefined || iv.length !== IV_BYTES || tag.length !== TAG_BYTES)
      throw new TokenUnreadableError()
    try {
      const decipher = createDecipheriv(ALGORITHM, this.key, iv, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(place))
        .setAuthTag(tag)
      return Buffer.concat([decipher.update(Buffer.from(sealed, 'base64url')), decipher.final()]).toString(
        'utf8',
      )
    } catch (cause) {
      throw new TokenUnreadableError({ cause })
    }
  }
}
