/** Longest piece of work between two turns of the event loop. */
const MOST_MS = 2
/** Between two looks at the time. */
const STEPS_PER_LOOK = 64

/** Takes each value in turn, giving way to other work every few milliseconds; none of it may take long by itself. */
export async function giveWay<T>(values: Iterable<T>, take: (value: T) => void): Promise<void> {
  let beganAtMs = performance.now()
  let steps = 0
  for (const value of values) {
    take(value)
    steps += 1
    if (steps % STEPS_PER_LOOK !== 0 || performance.now() - beganAtMs < MOST_MS) continue
    await new Promise((resolve) => setImmediate(resolve))
    beganAtMs = performance.now()
  }
}
