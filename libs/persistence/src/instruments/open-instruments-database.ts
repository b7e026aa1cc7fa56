import { Database } from '../database'
import { AddInstrumentDetails1763600000008, CreateInstrumentTables1763600000003 } from './migrations'
import { SymbolDetailEntity, SymbolListEntity, SymbolTokenEntity } from './symbol-token-entity'

/**
 * Opens `instruments.sqlite`, owned by master-contract alone. `NORMAL`: should the machine lose the last commit, the start-up repair
 * brings the rows back from the index file, which is synced first.
 */
export function openInstrumentsDatabase(file: string): Promise<Database> {
  return Database.open({
    file,
    entities: [SymbolTokenEntity, SymbolDetailEntity, SymbolListEntity],
    migrations: [CreateInstrumentTables1763600000003, AddInstrumentDetails1763600000008],
    synchronous: 'NORMAL',
  })
}
