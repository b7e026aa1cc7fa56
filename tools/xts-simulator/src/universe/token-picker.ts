import { hashOf } from '../seeded-random'

/**
 * Gives each name a token of its own in a range. The token follows from the name, so a contract keeps it from one day
 * to the next although others come and go (a clash moves to the next free one).
 */
export class TokenPicker {
  private readonly taken = new Set<number>()

  constructor(
    private readonly low: number,
    private readonly high: number,
  ) {}

  reserve(token: number): number {
    this.taken.add(token)
    return token
  }

  pick(name: string): number {
    const width = this.high - this.low + 1
    let token = this.low + (hashOf(name) % width)
    for (let tried = 0; this.taken.has(token); tried++) {
      if (tried > width) throw new Error(`no free token between ${this.low} and ${this.high}`)
      token = token === this.high ? this.low : token + 1
    }
    return this.reserve(token)
  }
}
