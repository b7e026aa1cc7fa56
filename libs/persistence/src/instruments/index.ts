export {
  instrumentTexts,
  type InstrumentTexts,
  type TableChanges,
  type TableStatement,
} from './instrument-rows'
export * from './instrument-table'
export * from './open-instruments-database'
export { SymbolDetailEntity, SymbolListEntity, SymbolTokenEntity } from './symbol-token-entity'
