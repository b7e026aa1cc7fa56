import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSources } from './build-sources.mjs'
import { withCheckoutLock } from './checkout-lock.mjs'
import { installPackages } from './install-packages.mjs'
import { stopUnlessNodeIsNewEnough } from './node-version.mjs'

/** The checkout this file belongs to. */
export const ROOT = resolve(fileURLToPath(import.meta.url), '../../../..')

/**
 * Brings a checkout, however fresh, to where our compiled code can run: Node new enough, packages installed, sources built.
 * Ends the process with a sentence when one of them cannot be had. Uses nothing but Node itself.
 */
export async function prepareCheckout() {
  stopUnlessNodeIsNewEnough()
  process.chdir(ROOT)
  try {
    await withCheckoutLock(join(ROOT, '.nx', 'launch.lock'), async () => {
      await installPackages(ROOT)
      await buildSources(ROOT)
    })
  } catch (error) {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  }
}
