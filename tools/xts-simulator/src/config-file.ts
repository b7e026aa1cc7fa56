import { readFileSync } from 'node:fs'

/** What a config file holds; with a problem it holds nothing. */
export interface ConfigFile {
  readonly path: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly problem?: string
}

/** Reads a JSON object of settings. What is in it is not checked here. */
export function readConfigFile(path: string): ConfigFile {
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) {
      return { path, settings: read as Record<string, unknown> }
    }
    return { path, settings: {}, problem: `${path}: must be a JSON object of settings` }
  } catch (error) {
    const why = error instanceof SyntaxError ? `is no JSON (${error.message})` : messageOf(error)
    return { path, settings: {}, problem: `${path}: ${why}` }
  }
}

const messageOf = (error: unknown): string =>
  `cannot be read (${error instanceof Error ? error.message : String(error)})`
