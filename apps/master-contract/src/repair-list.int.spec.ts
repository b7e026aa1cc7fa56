import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BROKER, House } from './testing/house'
import { inProcessWorkshop } from './testing/in-process-workshop'
import { cashText } from './testing/rows'
import type { Workshop } from './workshop'

let house: House
beforeEach(async () => {
  house = await House.open()
})
afterEach(() => house.close())

/** Stands for the process dying: nothing after it runs, not even cleaning up. */
class Killed extends Error {}

describe('a refresh that dies at any step leaves one whole list after the next start', () => {
  const dying = (): Promise<never> => Promise.reject(new Killed('killed'))
  const workshopDying =
    (step: keyof Workshop): (() => Workshop) =>
    () => ({ ...inProcessWorkshop(), [step]: dying })
  const newTexts = { NSECM: cashText('NSECM', 25), BSECM: cashText('BSECM', 30) }

  /** Runs the steps of a refresh up to where the process dies, without the clean-up a living process does. */
  async function killedAfterIndex(): Promise<void> {
    await house.keeper().refresh()
    house.texts = newTexts
    const folder = new Proxy(house.folder, {
      get: (target, name) =>
        (name === 'remove' ? () => undefined : Reflect.get(target, name, target)) as unknown,
    })
    const refresh = house.keeper({ folder, table: { replace: dying, change: dying } })
    jest.spyOn(house, 'repair').mockResolvedValue(undefined)
    await expect(refresh.refresh()).rejects.toThrow('killed')
    jest.restoreAllMocks()
  }

  it.each(['endMaster', 'addIndices', 'check', 'write', 'compare'] as const)(
    'in %s: the old list',
    async (step) => {
      await house.keeper().refresh()
      house.texts = newTexts
      await expect(house.keeper({ openWorkshop: workshopDying(step) }).refresh()).rejects.toThrow('killed')
      await house.restart()
      await house.expectOneList('v20261120-1', 51)
    },
  )

  it('while the index file is written: the old list, and no leftovers', async () => {
    await house.keeper().refresh()
    writeFileSync(join(house.folder.folder, 'v20261120-2.index.99.unfinished'), 'half a list')
    await house.restart()
    await house.expectOneList('v20261120-1', 51)
    expect(readdirSync(house.folder.folder).sort()).toEqual(['current', 'v20261120-1.index'])
  })

  it('between index file and table: the new list', async () => {
    await killedAfterIndex()
    expect(house.folder.versions()).toEqual(['v20261120-2', 'v20261120-1'])
    expect(await house.table.version(BROKER)).toBe('v20261120-1')
    await house.restart()
    await house.expectOneList('v20261120-2', 56)
    expect(house.repaired).toEqual(['table brought to the list', 'pointer brought to the list'])
  })

  it('between table and pointer: the new list', async () => {
    await house.keeper().refresh()
    house.texts = newTexts
    const folder = new Proxy(house.folder, {
      get: (target, name) => {
        if (name === 'pointTo')
          return () => {
            throw new Killed('killed')
          }
        return Reflect.get(target, name, target) as unknown
      },
    })
    jest.spyOn(house, 'repair').mockResolvedValue(undefined)
    await expect(house.keeper({ folder }).refresh()).rejects.toThrow('killed')
    jest.restoreAllMocks()
    expect(house.folder.current()).toBe('v20261120-1')
    expect(await house.table.version(BROKER)).toBe('v20261120-2')
    await house.restart()
    await house.expectOneList('v20261120-2', 56)
  })

  it('and heals by itself when only the pointer could not be set for a moment', async () => {
    await house.keeper().refresh()
    house.texts = newTexts
    let failures = 1
    const folder = new Proxy(house.folder, {
      get: (target, name) => {
        if (name === 'pointTo' && failures-- > 0)
          return () => {
            throw new Error('EIO')
          }
        return Reflect.get(target, name, target) as unknown
      },
    })
    await expect(house.keeper({ folder }).refresh()).rejects.toThrow('EIO')
    await house.expectOneList('v20261120-2', 56)
    expect(house.published.map(({ topic }) => topic)).toEqual([
      'instruments.swapped',
      'instruments.refused',
      'instruments.swapped',
    ])
  })

  it('and when the table refuses, the new file is not left for the next start to take', async () => {
    await house.keeper().refresh()
    house.texts = newTexts
    const full = (): Promise<never> => Promise.reject(new Error('disk full'))
    const table = { replace: full, change: full }
    await expect(house.keeper({ table }).refresh()).rejects.toThrow('disk full')
    await house.restart()
    await house.expectOneList('v20261120-1', 51)
  })
})

describe('a start brings file, table and pointer to one list', () => {
  it('when the table was lost', async () => {
    await house.keeper().refresh()
    await house.database.query('DELETE FROM symbol_token')
    await house.database.query('DELETE FROM symbol_detail')
    await house.database.query('DELETE FROM symbol_list')
    await house.restart()
    await house.expectOneList('v20261120-1', 51)
  })

  it('when the newest file is damaged: the one before it', async () => {
    const keeper = house.keeper()
    await keeper.refresh()
    house.texts = { NSECM: cashText('NSECM', 25), BSECM: cashText('BSECM', 30) }
    await keeper.refresh()
    writeFileSync(house.folder.path('v20261120-2'), 'damaged')
    await house.restart()
    await house.expectOneList('v20261120-1', 51)
  })

  it('when the pointer was lost', async () => {
    await house.keeper().refresh()
    house.folder.withdraw()
    await house.restart()
    await house.expectOneList('v20261120-1', 51)
  })

  it('and takes no list of another broker for its own', async () => {
    await house.keeper({ broker: 'jainam-prop-a' }).refresh()
    await house.restart()
    expect(house.folder.current()).toBeUndefined()
    expect(house.store.version).toBeUndefined()
  })

  it('and does nothing in an empty folder', async () => {
    await house.restart()
    expect(house.repaired).toEqual([])
    expect(house.store.version).toBeUndefined()
  })
})
