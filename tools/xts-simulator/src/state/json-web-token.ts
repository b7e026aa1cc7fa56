import { createHmac } from 'node:crypto'

const encode = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url')

/** An HS256 token as the broker issues it. Clients treat it as opaque; the simulator looks it up, so the key lives one run. */
export class TokenMint {
  constructor(private readonly key: Buffer) {}

  mint(claims: Readonly<Record<string, unknown>>): string {
    const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
    return `${body}.${createHmac('sha256', this.key).update(body).digest('base64url')}`
  }
}
