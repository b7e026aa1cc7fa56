import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { progress } from './progress.mjs'
import { runCommand } from './run-command.mjs'

const BUILD_TOOLS = ['python3', 'make', 'g++']

/** Runs `npm ci` when node_modules is missing, or belongs to another package-lock, Node major or platform. */
export async function installPackages(root) {
  const stampFile = join(root, 'node_modules', '.xts-bridge-install')
  const wanted = wantedInstall(root)
  if (readOr(stampFile, '') === wanted) return
  if (isInstalledByHand(root, stampFile)) {
    writeFileSync(stampFile, wanted)
    return
  }
  await cleanInstall(root)
  writeFileSync(stampFile, wanted)
}

function wantedInstall(root) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  return `${lock} node${process.versions.node.split('.')[0]} ${process.platform}-${process.arch}\n`
}

/** True when somebody ran npm themselves since the lock last changed: npm leaves its own record, newer than the lock. */
function isInstalledByHand(root, stampFile) {
  const npmRecord = join(root, 'node_modules', '.package-lock.json')
  if (existsSync(stampFile) || !existsSync(npmRecord)) return false
  return statSync(npmRecord).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
}

async function cleanInstall(root) {
  const missing = BUILD_TOOLS.filter((tool) => !isOnPath(tool))
  const advice =
    'sqlite3 is compiled here when no prebuilt copy can be downloaded; that needs python3, make and g++, and ' +
    `${missing.join(', ')} cannot be found. On Debian or Ubuntu: apt-get install python3 make g++. On macOS: xcode-select --install.`
  if (missing.length > 0) process.stdout.write(`Note: ${advice}\n`)
  const line = progress('Installing packages (once; one to three minutes, most of it compiling sqlite3)')
  // Development packages are needed even where NODE_ENV says production: the compiler is one of them.
  const { code, tail } = await runNpm(root, ['ci', '--include=dev', '--no-audit', '--no-fund'])
  line.end(code === 0)
  if (code === 0) return
  const hint = missing.length > 0 ? `\n\n${advice}` : ''
  throw new Error(`npm ci failed with exit code ${code}. The end of its output:\n\n${tail}${hint}`)
}

function runNpm(root, args) {
  const npm = process.env.npm_execpath
  return npm?.endsWith('.js')
    ? runCommand(process.execPath, [npm, ...args], { cwd: root })
    : runCommand('npm', args, { cwd: root })
}

function isOnPath(tool) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function readOr(file, fallback) {
  return existsSync(file) ? readFileSync(file, 'utf8') : fallback
}
