/** Milliseconds of the longest turn of the event loop while the work is done. */
export async function longestPauseDuring(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let isDone = false
  const watch = async (): Promise<void> => {
    while (!isDone) {
      const turnedAt = process.hrtime.bigint()
      await new Promise((resolve) => setImmediate(resolve))
      longest = Math.max(longest, Number(process.hrtime.bigint() - turnedAt) / 1e6)
    }
  }
  const watching = watch()
  await work()
  isDone = true
  await watching
  return longest
}
