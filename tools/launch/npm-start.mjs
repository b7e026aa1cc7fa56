import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT, prepareCheckout } from './checkout/prepare-checkout.mjs'

// `npm start` and `npm run start:live`: prepares the checkout, then becomes the supervisor.
await prepareCheckout()
process.setSourceMapsEnabled(true)
if (process.env.npm_lifecycle_event !== undefined) stopWhenNpmIsGone()
await import(pathToFileURL(join(ROOT, 'dist', 'tools', 'launch', 'src', 'main.js')).href)

/** A killed npm, or a shell between npm and us that does not pass signals on, must not leave a house without a door. */
function stopWhenNpmIsGone() {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, 1_000)
  timer.unref()
}
