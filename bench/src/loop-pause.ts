/** Preloaded into a process that is measured: tells its parent, when asked, the longest pause of its event loop since. */
import { performance } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

/** A timer that rings each millisecond: what it comes late by, the loop was held. */
const EVERY_MS = 1

if (isMainThread && process.send !== undefined) {
  let longestMs = 0
  let lastAtMs = performance.now()
  setInterval(() => {
    const nowMs = performance.now()
    longestMs = Math.max(longestMs, nowMs - lastAtMs - EVERY_MS)
    lastAtMs = nowMs
  }, EVERY_MS).unref()
  process.on('message', (message) => {
    if (message !== 'longest pause') return
    process.send?.({ longestMs })
    longestMs = 0
  })
  // The channel alone must not keep the process alive.
  process.channel?.unref()
}
