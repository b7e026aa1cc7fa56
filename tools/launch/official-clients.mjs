import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './checkout/run-command.mjs'

const FOLDER = 'test/official-clients'
const INSTALL_MINUTES = 3
const TEST_MINUTES = 6
/** Words of npm when nobody answers. */
const NO_NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT/

/**
 * The broker's own clients against the compiled simulator. They are a package of their own, installed by its lock when it
 * is not there yet; without a network they are skipped with a sentence. Resolves with counts as every step does.
 */
export async function officialClients(root, { env, results }) {
  const folder = join(root, FOLDER)
  const problem = await install(folder)
  if (problem !== undefined) return problem
  const tap = join(results, 'official-clients.tap')
  rmSync(tap, { force: true })
  const reporters = ['spec', 'stdout', 'tap', tap].flatMap((value, index) => [
    index % 2 === 0 ? '--test-reporter' : '--test-reporter-destination',
    value,
  ])
  const { code } = await runCommand(process.execPath, ['--test', '--test-concurrency=1', ...reporters], {
    cwd: folder,
    env,
    isShown: true,
    limitMs: TEST_MINUTES * 60_000,
  })
  return countTap(existsSync(tap) ? readFileSync(tap, 'utf8') : '', code)
}

/** Undefined when the packages are there; else the counts of a step that could not run. */
async function install(folder) {
  const stamp = join(folder, 'node_modules', '.xts-bridge-install')
  const lock = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return undefined
  process.stdout.write('Installing the official clients (once) …\n')
  // None of them needs a script of its own to be installed.
  const args = [
    'ci',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--fetch-retries=1',
    '--fetch-timeout=20000',
  ]
  const { code, tail } = await runNpm(folder, args)
  if (code === 0) {
    writeFileSync(stamp, lock)
    return undefined
  }
  if (NO_NETWORK.test(tail)) {
    const note =
      'skipped: the package registry cannot be reached, and the official clients are not installed yet'
    return { passed: 0, failed: 0, skipped: 1, note }
  }
  process.stdout.write(`npm ci in ${FOLDER} failed with exit code ${code}:\n${tail}\n`)
  return { passed: 0, failed: 1 }
}

function runNpm(cwd, args) {
  const npm = process.env.npm_execpath
  const limitMs = INSTALL_MINUTES * 60_000
  return npm?.endsWith('.js')
    ? runCommand(process.execPath, [npm, ...args], { cwd, limitMs })
    : runCommand('npm', args, { cwd, limitMs })
}

/** Reads the last lines of node:test's report: `# pass 5`, `# fail 0`, `# skipped 0`. */
function countTap(text, code) {
  const number = (word) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
  const failed = number('fail') + number('cancelled')
  return {
    passed: number('pass'),
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: number('skipped'),
  }
}
