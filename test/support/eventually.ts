import { setTimeout as wait } from 'node:timers/promises'

const LOOK_AGAIN_MS = 50

/** Resolves with the first value that is not undefined; throws when none came within the limit, saying `what` was awaited. */
export async function eventually<T>(
  what: string,
  withinMs: number,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const giveUpAtMs = Date.now() + withinMs
  for (;;) {
    const value = await look()
    if (value !== undefined) return value
    if (Date.now() > giveUpAtMs) throw new Error(`Not within ${withinMs / 1_000} s: ${what}`)
    await wait(LOOK_AGAIN_MS)
  }
}
