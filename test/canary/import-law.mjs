/**
 * Lints one planted import for every pair of rooms, and for every package with an owner, and prints what the lint said.
 * The table below is read from ARCHITECTURE.md by hand, apart from eslint.config.mjs, so that a slip there is seen here.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'
import tseslint from 'typescript-eslint'

const root = fileURLToPath(new URL('../..', import.meta.url))
process.chdir(root)
process.env.NX_DAEMON = 'false'
// The boundary rule is silently skipped while there is no project graph.
execFileSync(join('node_modules', '.bin', 'nx'), ['show', 'projects'], {
  stdio: ['ignore', 'ignore', 'inherit'],
})

const LIBS = ['contracts', 'runtime', 'bus', 'http', 'xts', 'persistence', 'instruments', 'access']
const without = (...names) => LIBS.filter((lib) => !names.includes(lib))
const LAW = {
  'libs/contracts': [],
  'libs/runtime': ['contracts'],
  'libs/bus': ['contracts'],
  'libs/http': ['contracts'],
  'libs/xts': ['contracts', 'http'],
  'libs/persistence': ['contracts'],
  'libs/instruments': ['contracts', 'bus', 'runtime'],
  'libs/access': ['contracts', 'bus'],
  'apps/auth-service': LIBS,
  'apps/order-execution': LIBS,
  'apps/master-contract': LIBS,
  'apps/streaming-adapter': without('persistence'),
  'apps/ws-proxy': without('xts', 'http', 'persistence'),
  'apps/gateway': without('xts', 'http', 'persistence'),
  'tools/xts-simulator': [],
  'tools/cli': ['contracts', 'runtime', 'persistence'],
  'clients/typescript': ['contracts'],
}
const OWNERS = {
  zeromq: ['libs/bus', 'clients/typescript'],
  undici: ['libs/http'],
  'socket.io-client': ['libs/xts'],
  typeorm: ['libs/persistence'],
  sqlite3: ['libs/persistence'],
  ws: ['apps/ws-proxy'],
  winston: ['libs/runtime'],
}

const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] })
const verdicts = []
for (const [room, allowed] of Object.entries(LAW)) {
  const file = anyFileOf(room)
  if (file === undefined) continue
  for (const lib of LIBS.filter((name) => `libs/${name}` !== room)) {
    const caught = await isCaught(
      file,
      `import * as planted from '@xts-bridge/${lib}'`,
      '@nx/enforce-module-boundaries',
    )
    verdicts.push({ room, imports: lib, allowed: allowed.includes(lib), caught })
  }
  for (const [name, owners] of Object.entries(OWNERS)) {
    const caught = await isCaught(file, `import * as planted from '${name}'`, 'no-restricted-imports')
    verdicts.push({ room, imports: name, allowed: owners.includes(room), caught })
  }
}
const reachesAcross = await isCaught(
  'libs/contracts/src/index.ts',
  `import '../../runtime/src/index'`,
  '@nx/enforce-module-boundaries',
)
verdicts.push({
  room: 'libs/contracts',
  imports: '../../runtime by a relative path',
  allowed: false,
  caught: reachesAcross,
})
process.stdout.write(JSON.stringify(verdicts))

async function isCaught(filePath, line, ruleId) {
  const [result] = await eslint.lintText(
    `${line}\nexport const kept = planted\n`.replace(/^(import '.*)\n.*\n/, '$1\n'),
    { filePath },
  )
  const fatal = result.messages.find((message) => message.fatal)
  if (fatal) throw new Error(`${filePath}: ${fatal.message}`)
  return result.messages.some((message) => message.ruleId === ruleId && message.severity === 2)
}

function anyFileOf(room) {
  const folder = join(room, 'src')
  if (!existsSync(folder)) return undefined
  const name = readdirSync(folder).find((entry) => entry.endsWith('.ts') && !entry.endsWith('.spec.ts'))
  return name && join(folder, name)
}
