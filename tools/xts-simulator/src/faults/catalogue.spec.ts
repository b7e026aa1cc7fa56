import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FAULT_NAMES, FAULTS } from './catalogue'
import { faultTable } from './fault-table'
import { pointsOf } from './fault-rule'

const TABLE = join(__dirname, '..', '..', 'FAULTS.md')
const provedIn = (proof: string): string[] => {
  const file = join(__dirname, `${proof}.int.spec.ts`)
  if (!existsSync(file)) return []
  return [...readFileSync(file, 'utf8').matchAll(/^ {2}proves\('([a-z0-9-]+)', async/gm)].map(
    ([, name]) => name ?? '',
  )
}

describe('the catalogue', () => {
  it('has at least forty faults', () => {
    expect(FAULT_NAMES.length).toBeGreaterThanOrEqual(40)
  })

  it.each(FAULT_NAMES)('%s is shown on the wire by a test, acts somewhere and says what it does', (name) => {
    const fault = FAULTS[name]
    expect(provedIn(fault.proof)).toContain(name)
    expect(pointsOf(fault).length).toBeGreaterThan(0)
    expect(fault.means.length).toBeGreaterThan(20)
    expect(fault.means.length).toBeLessThan(130)
  })

  it('has no test for a fault that is not there, and no fault twice', () => {
    const files = readdirSync(__dirname).filter((file) => file.endsWith('-faults.int.spec.ts'))
    const proved = files.flatMap((file) => provedIn(file.replace('.int.spec.ts', '')))
    expect(proved.sort()).toEqual([...FAULT_NAMES].sort())
  })

  it('is what FAULTS.md says; else run node dist/tools/xts-simulator/src/faults/write-table.js', () => {
    expect(readFileSync(TABLE, 'utf8')).toBe(faultTable())
  })
})
