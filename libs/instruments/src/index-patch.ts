import { SEGMENTS, type ListedInstrument } from '@xts-bridge/contracts'
import { EXCHANGE_NUMBER, IndexColumns, POOLED_COLUMNS } from './index-columns'
import type { IndexFile } from './index-file'
import { hashToken, fileBytesOf, sectionsOf, type IndexSections, type IndexSizes } from './index-layout'
import type { FamilyTable } from './index-pools'
import { compareTexts, putRow, sharedKey, slotsFor, writeHeader } from './index-writer'
import type { ListMeta } from './list-meta'
import { SymbolTable } from './symbol-table'

/** A row of a new list: the number of a row that an older one has just so, or an instrument. */
export type RowSource = number | ListedInstrument

const IS_NEW = -1

/**
 * The bytes of an index file most of whose rows an older file has. They are copied, not made again, which takes a tenth
 * of the time; what only rows had that are gone stays in the pools, so now and then a list should be written with encodeIndex.
 * Each older row may be used once. Throws as encodeIndex does.
 */
export function patchIndex(older: IndexFile, rows: readonly RowSource[], meta: ListMeta): Buffer {
  const patch = new Patch(older, rows)
  const metaBytes = Buffer.from(JSON.stringify(meta), 'utf8')
  const sizes: IndexSizes = {
    rows: rows.length,
    families: patch.columns.families.count,
    numbers: patch.columns.numbers.count,
    tableSlots: slotsFor(rows.length),
    heapBytes: patch.columns.texts.length,
    metaBytes: metaBytes.length,
  }
  const file = Buffer.from(new ArrayBuffer(fileBytesOf(sizes)))
  const sections = sectionsOf(file, sizes)
  sections.meta.set(metaBytes)
  patch.writeTo(sections)
  writeHeader(file, sizes)
  return file
}

class Patch {
  readonly columns: IndexColumns
  /** Older row of each new one; IS_NEW for an instrument. */
  private readonly origins: Int32Array
  /** Instruments and the rows they become. */
  private readonly fresh: ListedInstrument[] = []
  private readonly freshRows: number[] = []

  constructor(
    private readonly older: IndexFile,
    rows: readonly RowSource[],
  ) {
    this.origins = new Int32Array(rows.length).fill(IS_NEW)
    rows.forEach((source, row) => {
      if (typeof source === 'number') {
        this.origins[row] = source
        return
      }
      this.fresh.push(source)
      this.freshRows.push(row)
    })
    const { sections } = older
    this.columns = new IndexColumns(this.fresh, { sections, know: (families) => this.knowFamilies(families) })
  }

  writeTo(sections: IndexSections): void {
    this.columns.writePools(sections)
    this.copyRows(sections)
    this.writeFresh(sections)
    this.fillTables(sections)
    this.writeOrder(sections)
  }

  /** An instrument that changed mostly keeps its family, or takes one that others of its kind have. */
  private knowFamilies(families: FamilyTable): void {
    const isKnown = new Set<number>()
    for (const { segment, token } of this.fresh) {
      const row = this.older.rowOfToken(SEGMENTS[segment], token)
      const family = row === undefined ? undefined : this.older.rows.family(row)
      if (row === undefined || family === undefined || isKnown.has(family)) continue
      isKnown.add(family)
      families.know(this.older.listedAt(row), family)
    }
  }

  private copyRows(sections: IndexSections): void {
    const { older, origins } = this
    for (const name of [...POOLED_COLUMNS, 'token'] as const)
      copy(older.sections.rows[name], sections.rows[name], origins)
    copy(older.sections.exchanges, sections.exchanges, origins)
    copy(older.sections.segments, sections.segments, origins)
  }

  private writeFresh(sections: IndexSections): void {
    const { columns } = this.columns
    this.fresh.forEach(({ token, exchange, segment }, at) => {
      const row = this.freshRows[at] ?? 0
      for (const name of POOLED_COLUMNS) sections.rows[name][row] = columns[name][at] ?? 0
      sections.rows.token[row] = token
      sections.exchanges[row] = EXCHANGE_NUMBER.get(exchange) ?? 0
      sections.segments[row] = SEGMENTS[segment]
    })
  }

  /** Copied rows share no key with each other, so only those that are new are compared. */
  private fillTables(sections: IndexSections): void {
    const { origins } = this
    const { tokenTable, segments } = sections
    const { symbol: positions, token: tokens } = sections.rows
    const symbols = new SymbolTable(sections.symbolTable, sections.heap)
    for (let row = 0; row < origins.length; row += 1) {
      if (origins[row] === IS_NEW) continue
      symbols.putKnown({ position: positions[row] ?? 0, row })
      putRow(tokenTable, { hash: hashToken(segments[row] ?? 0, tokens[row] ?? 0), row }, () => undefined)
    }
    this.fresh.forEach(({ exchange, symbol, segment, token }, at) => {
      const row = this.freshRows[at] ?? 0
      const place = { position: positions[row] ?? 0, row }
      if (!symbols.put(EXCHANGE_NUMBER.get(exchange) ?? 0, symbol, place)) throw sharedKey(exchange, symbol)
      const number = SEGMENTS[segment]
      putRow(tokenTable, { hash: hashToken(number, token), row }, (other) => {
        if (tokens[other] === token && segments[other] === number) throw sharedKey(segment, token)
      })
    })
  }

  /** The older order without the rows that are gone, the new ones in between. */
  private writeOrder(sections: IndexSections): void {
    const { older, origins } = this
    const newRows = new Int32Array(older.count).fill(IS_NEW)
    origins.forEach((origin, row) => {
      if (origin === IS_NEW) return
      if (newRows[origin] !== IS_NEW) throw new Error(`Row ${origin} of the older list was used twice.`)
      newRows[origin] = row
    })
    const { order } = sections.rows
    let size = 0
    let next = 0
    const copyUntil = (position: number): void => {
      for (; next < position; next += 1) {
        const row = newRows[older.rowInOrder(next) ?? 0] ?? IS_NEW
        if (row === IS_NEW) continue
        order[size] = row
        size += 1
      }
    }
    for (const at of this.freshInOrder()) {
      const instrument = this.fresh[at]
      if (instrument === undefined) continue
      copyUntil(older.orderedPosition(instrument.exchange, instrument.symbol))
      order[size] = this.freshRows[at] ?? 0
      size += 1
    }
    copyUntil(older.count)
  }

  private freshInOrder(): readonly number[] {
    const { fresh } = this
    const exchangeAt = (at: number): number => EXCHANGE_NUMBER.get(fresh[at]?.exchange ?? '') ?? 0
    return [...fresh.keys()].sort(
      (a, b) => exchangeAt(a) - exchangeAt(b) || compareTexts(fresh[a]?.symbol ?? '', fresh[b]?.symbol ?? ''),
    )
  }
}

function copy<Column extends Uint32Array | Uint8Array>(from: Column, to: Column, origins: Int32Array): void {
  for (let row = 0; row < origins.length; row += 1) {
    const origin = origins[row] ?? IS_NEW
    if (origin !== IS_NEW) to[row] = from[origin] ?? 0
  }
}
