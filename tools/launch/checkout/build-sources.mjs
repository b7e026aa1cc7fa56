import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from './run-command.mjs'

const SOURCE_FOLDERS = ['apps', 'libs', 'tools', 'clients', 'bench']

/**
 * Compiles all sources into dist; the whole tree takes well under a second, so it is never asked whether that is needed.
 * The new tree is built aside and swapped in by rename: a house that runs from dist never sees half of it, and nothing
 * of a deleted source stays behind.
 */
export async function buildSources(root) {
  // Beside dist and as deep as it: source maps hold relative paths.
  const fresh = join(root, 'dist-fresh')
  const stale = join(root, 'dist-stale')
  const dist = join(root, 'dist')
  rmSync(fresh, { recursive: true, force: true })
  const folders = SOURCE_FOLDERS.filter((folder) => existsSync(join(root, folder)))
  const options = ['-d', fresh, '--config-file', '.swcrc', '--extensions', '.ts', '--quiet']
  const { code, tail } = await runTool(root, 'swc', [...folders, ...options])
  if (code !== 0) throw new Error(`The sources do not compile:\n\n${tail}`)
  rmSync(stale, { recursive: true, force: true })
  if (existsSync(dist)) renameSync(dist, stale)
  renameSync(fresh, dist)
  rmSync(stale, { recursive: true, force: true })
}
