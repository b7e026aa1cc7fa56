const SCREEN_MS = 1_000
const PLAIN_MS = 30_000

/** One line that shows how long something has been running: rewritten on a terminal, repeated now and then elsewhere. */
export function progress(title) {
  const beganAt = Date.now()
  const seconds = () => ((Date.now() - beganAt) / 1_000).toFixed(0)
  const isScreen = process.stdout.isTTY === true
  process.stdout.write(isScreen ? `${title} …` : `${title} …\n`)
  const timer = setInterval(
    () => process.stdout.write(isScreen ? `\r${title} … ${seconds()} s` : `  still at it, ${seconds()} s\n`),
    isScreen ? SCREEN_MS : PLAIN_MS,
  )
  return {
    end(isGood) {
      clearInterval(timer)
      process.stdout.write(
        `${isScreen ? '\r' : ''}${title}: ${isGood ? 'done' : 'failed'} after ${seconds()} s\n`,
      )
    },
  }
}
