import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../../dist/tools/xts-simulator/src/main.js', import.meta.url))
const STARTS_WITHIN_MS = 30_000

export const KEYS = {
  interactive: { appKey: 'simulator-interactive-key', secretKey: 'simulator-interactive-secret' },
  market: { appKey: 'simulator-market-key', secretKey: 'simulator-market-secret' },
}
/** The same token on every installation, also in the small universe. */
export const RELIANCE = { segment: 'NSECM', segmentNumber: 1, token: 2885 }
export const NIFTY_50 = { segmentNumber: 1, token: 26000, name: 'NIFTY 50' }

/**
 * Starts the compiled simulator as a process on free ports. `settings` are its environment variables without their
 * prefix. Ends with a sentence when it is not built or does not start.
 */
export async function startSimulator(settings = {}) {
  if (!existsSync(MAIN)) throw new Error('The simulator is not built: run `npm run build` at the root first.')
  const env = { ...process.env, XTS_SIMULATOR_UNIVERSE: 'small', XTS_SIMULATOR_PORT: '0' }
  env.XTS_SIMULATOR_CONTROL_PORT = '0'
  for (const [name, value] of Object.entries(settings)) env[`XTS_SIMULATOR_${name}`] = String(value)
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines = []
  let errors = ''
  child.stderr.on('data', (chunk) => (errors += chunk))
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const listens = new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text)
      lines.push(line)
      if (Number.isInteger(line.controlPort)) resolve(line)
    })
    child.once('exit', (code) => reject(new Error(`The simulator ended with code ${code}. ${errors}`)))
    setTimeout(() => reject(new Error(`The simulator did not start. ${errors}`)), STARTS_WITHIN_MS).unref()
  })
  const { port, controlPort } = await listens
  return {
    url: `http://127.0.0.1:${port}`,
    /** What it said so far, one object a line. */
    lines,
    async control(method, path, body) {
      const response = await fetch(`http://127.0.0.1:${controlPort}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${await response.text()}`)
      return response.json()
    },
    async close() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
