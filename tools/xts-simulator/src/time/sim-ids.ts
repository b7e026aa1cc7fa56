import { createHash, randomBytes } from 'node:crypto'

/** Where unguessable things come from. */
export interface SimIds {
  uuid(): string
  bytes(count: number): Buffer
}

/** Chance, as a broker has it. */
export class RandomIds implements SimIds {
  uuid(): string {
    return uuidFrom(this.bytes(16))
  }

  bytes(count: number): Buffer {
    return randomBytes(count)
  }
}

/** The same ids in every run of one seed. */
export class SeededIds implements SimIds {
  private given = 0

  constructor(private readonly seed: number | string) {}

  uuid(): string {
    return uuidFrom(this.bytes(16))
  }

  bytes(count: number): Buffer {
    const blocks: Buffer[] = []
    for (let length = 0; length < count; length += 32) {
      blocks.push(createHash('sha256').update(`${this.seed}:${this.given++}`).digest())
    }
    return Buffer.concat(blocks).subarray(0, count)
  }
}

/** Version 4, as RFC 9562 lays it out. */
function uuidFrom(bytes: Buffer): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  )
}
