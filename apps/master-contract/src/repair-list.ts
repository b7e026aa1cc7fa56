import { IndexFile, type IndexFolder } from '@xts-bridge/instruments'
import type { InstrumentTable } from '@xts-bridge/persistence'

export interface RepairParts {
  readonly broker: string
  readonly folder: IndexFolder
  readonly table: Pick<InstrumentTable, 'version' | 'replace'>
  readonly onRepaired: (what: string, fields: Readonly<Record<string, unknown>>) => void
}

/**
 * Brings file, table and pointer to the same list, wherever a crash left them. A file is written only after its list
 * passed every check and appears only when it is whole, so the newest readable file of this broker is the truth. Files of another broker are
 * not ours to trade on: without one of ours, no list is in force.
 */
export async function repairList({ broker, folder, table, onRepaired }: RepairParts): Promise<void> {
  folder.removeUnfinished()
  const newest = newestReadable(broker, folder, onRepaired)
  if (newest === undefined) {
    if (folder.current() === undefined) return
    onRepaired('no list is in force any more', { version: folder.current(), broker })
    folder.withdraw()
    return
  }
  const { version } = newest.meta
  const tableVersion = await table.version(broker)
  if (tableVersion !== version) {
    const changes = await table.replace(broker, { version, instruments: newest.listed() })
    onRepaired('table brought to the list', { version, tableVersion, ...changes })
  }
  if (folder.current() !== version) {
    onRepaired('pointer brought to the list', { version, pointer: folder.current() })
    folder.pointTo(version)
  }
}

function newestReadable(
  broker: string,
  folder: IndexFolder,
  onRepaired: RepairParts['onRepaired'],
): IndexFile | undefined {
  for (const version of folder.versions()) {
    try {
      const list = IndexFile.read(folder.path(version))
      if (list.meta.broker === broker) return list
    } catch (error) {
      onRepaired('damaged list left aside', { version, problem: String(error) })
    }
  }
  return undefined
}
