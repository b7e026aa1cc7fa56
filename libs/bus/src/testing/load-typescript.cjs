/** Lets a plain node process require our TypeScript: the transform of jest.config.js as a require hook. */
require('reflect-metadata')
const { readFileSync } = require('node:fs')
const { Module } = require('node:module')
const { resolve } = require('node:path')
const { transformSync } = require('@swc/core')

const ROOT = resolve(__dirname, '../../../..')
const jest = require(resolve(ROOT, 'jest.config.js')).projects[0]
const [, options] = jest.transform['^.+\\.[tj]s$']

require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...options, filename })
  module._compile(code, filename)
}

const resolveFilename = Module._resolveFilename
Module._resolveFilename = function (request, ...rest) {
  const lib = /^@xts-bridge\/(.+)$/.exec(request)?.[1]
  const path = lib === undefined ? request : resolve(ROOT, 'libs', lib, 'src/index.ts')
  return resolveFilename.call(this, path, ...rest)
}
