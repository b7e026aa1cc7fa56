import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

const PROJECT = join(__dirname, '../../../..')

/** Compiles TypeScript on the way in, as the build does beforehand. */
const BOOTSTRAP = `
const { createRequire, Module } = require('node:module')
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { workerData: { project, entry } } = require('node:worker_threads')
const load = createRequire(join(project, 'package.json'))
const { transformSync } = load('@swc/core')
const options = { swcrc: false, module: { type: 'commonjs' }, jsc: { target: 'es2023', parser: { syntax: 'typescript', decorators: true }, transform: { legacyDecorator: true, decoratorMetadata: true } } }
Module._extensions['.ts'] = (module, file) => module._compile(transformSync(readFileSync(file, 'utf8'), { ...options, filename: file }).code, file)
const resolve = Module._resolveFilename
Module._resolveFilename = (request, ...rest) =>
  resolve(request.startsWith('@xts-bridge/') ? join(project, 'libs', request.slice(12), 'src/index.ts') : request, ...rest)
load(entry)
`

/** A worker thread that runs a TypeScript file of the project; for tests, which have no build to run. */
export function typescriptWorker(entry: string): Worker {
  return new Worker(BOOTSTRAP, { eval: true, workerData: { project: PROJECT, entry } })
}
