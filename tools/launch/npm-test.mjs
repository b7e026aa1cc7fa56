import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, prepareCheckout } from './checkout/prepare-checkout.mjs'
import { runCommand, runTool } from './checkout/run-command.mjs'
import { officialClients } from './official-clients.mjs'

// `npm test` and `npm run test:long`: every check one after the other, also after one failed, then one line of totals.
// A check without tests of its own (formatting, lint, types) counts as one.
const RESULTS = join(ROOT, '.nx', 'test-results')
const PYTHON_TESTS = 'clients/python'
/** The first Python that has pyzmq: a system's own may have it where one that a person installed has not. */
const PYTHON = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import zmq']).status === 0,
)
const env = { ...process.env, NX_DAEMON: 'false', NX_SKIP_NX_CACHE: 'true', ...(PYTHON && { PYTHON }) }

const check = (title, run) => ({
  title,
  run: async () => ((await run()).code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }),
})
const shown = { env, isShown: true }

const FORMAT = check('formatting', () =>
  runTool(ROOT, 'prettier', ['--check', '--log-level', 'warn', '.'], shown),
)
const LINT = check('lint', () =>
  runCommand(process.execPath, ['tools/launch/lint.mjs'], { cwd: ROOT, ...shown }),
)
const TYPES = check('types', () => runTool(ROOT, 'tsc', ['--noEmit', '-p', 'tsconfig.json'], shown))

/** Checks that each need one core, side by side; each says how it ended. */
const together = (checks) => ({
  title: checks.map(({ title }) => title).join(', '),
  run: async () => {
    const ended = await Promise.all(
      checks.map(async ({ title, run }) => {
        const result = await run()
        if (result.failed > 0) process.stdout.write(`── ${title}: FAILED\n`)
        return result
      }),
    )
    const sum = (name) => ended.reduce((total, result) => total + result[name], 0)
    return { passed: sum('passed'), failed: sum('failed') }
  },
})

const STEPS = {
  short: [
    together([FORMAT, LINT, TYPES]),
    {
      title: 'unit and integration tests',
      run: () => jest('unit-integration', ['unit', 'integration'], { workers: 2, limitMinutes: 6 }),
    },
    {
      title: 'conformance with the broker',
      run: () => jest('conformance', ['flows'], { workers: 2, limitMinutes: 5, under: 'test/conformance/' }),
    },
    {
      title: 'flows of whole processes',
      run: () => jest('flows', ['flows'], { workers: 2, limitMinutes: 7, under: 'test/(flows|canary)/' }),
    },
    { title: 'python client', run: python },
  ],
  long: [
    { title: 'long tests', run: () => jest('long', ['long'], { workers: 1, limitMinutes: 28 }) },
    { title: 'official clients', run: () => officialClients(ROOT, { env, results: RESULTS }) },
  ],
}

async function jest(name, projects, { workers, limitMinutes, under }) {
  const outputFile = join(RESULTS, `${name}.json`)
  rmSync(outputFile, { force: true })
  const paths = under === undefined ? [] : ['--testPathPatterns', under]
  const options = [
    ...paths,
    '--passWithNoTests',
    '--json',
    `--outputFile=${outputFile}`,
    '-w',
    String(workers),
  ]
  const { code } = await runTool(ROOT, 'jest', ['--selectProjects', ...projects, ...options], {
    ...shown,
    limitMs: limitMinutes * 60_000,
  })
  if (!existsSync(outputFile)) return { passed: 0, failed: 1 }
  const result = JSON.parse(readFileSync(outputFile, 'utf8'))
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites
  return {
    passed: result.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
  }
}

async function python() {
  if (!existsSync(join(ROOT, PYTHON_TESTS))) return { passed: 0, failed: 0, note: 'there are none' }
  if (PYTHON === undefined) {
    const note = 'skipped: no python3 here can import zmq; on Debian or Ubuntu, apt-get install python3-zmq'
    return { passed: 0, failed: 0, note }
  }
  const { code, tail } = await runCommand(PYTHON, ['-m', 'unittest', 'discover', '-s', PYTHON_TESTS, '-v'], {
    cwd: ROOT,
    env,
  })
  process.stdout.write(`${tail}\n`)
  return countUnittest(tail, code)
}

/** Reads unittest's last lines: `Ran 5 tests in 0.1s`, then `OK (skipped=1)` or `FAILED (failures=1, errors=2)`. */
function countUnittest(text, code) {
  const number = (pattern) => Number(pattern.exec(text)?.[1] ?? 0)
  const ran = number(/Ran (\d+) tests?/)
  const failed = number(/failures=(\d+)/) + number(/errors=(\d+)/)
  const skipped = number(/skipped=(\d+)/)
  return {
    passed: Math.max(0, ran - failed - skipped),
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped,
  }
}

await prepareCheckout()
mkdirSync(RESULTS, { recursive: true })
const total = { passed: 0, failed: 0, skipped: 0 }
for (const step of STEPS[process.argv[2] === 'long' ? 'long' : 'short']) {
  const beganAt = Date.now()
  process.stdout.write(`\n── ${step.title}\n`)
  const { passed, failed, skipped = 0, note } = await step.run()
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
  const seconds = ((Date.now() - beganAt) / 1_000).toFixed(1)
  process.stdout.write(`── ${step.title}: ${note ?? (failed === 0 ? 'good' : 'FAILED')} (${seconds} s)\n`)
}
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`)
process.exit(total.failed === 0 ? 0 : 1)
