import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ROOT, prepareCheckout } from './checkout/prepare-checkout.mjs'

// Runs one compiled program of this repository: `node tools/launch/run-built.mjs bench/src/main.js [arguments]`.
const [path, ...rest] = process.argv.slice(2)
if (path === undefined) {
  process.stderr.write('Name the program to run, relative to dist, for example bench/src/main.js\n')
  process.exit(1)
}
await prepareCheckout()
// The programs read endpoints from the environment; a house that was moved by .env is then found without a word.
if (existsSync('.env')) process.loadEnvFile('.env')
const program = join(ROOT, 'dist', path)
process.argv = [process.execPath, program, ...rest]
process.setSourceMapsEnabled(true)
await import(pathToFileURL(program).href)
