import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultTable } from './fault-table'

/** Run from the project's root: writes the table where people read it. */
const FILE = join('tools', 'xts-simulator', 'FAULTS.md')

writeFileSync(FILE, faultTable())
process.stdout.write(`${FILE} is written\n`)
