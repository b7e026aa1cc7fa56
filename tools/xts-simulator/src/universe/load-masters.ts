import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SegmentTable } from './segment-table'
import { isSegmentName, type SegmentName } from './segments'
import { Universe } from './universe'

/** What was taken from a masters folder, for the log. */
export interface LoadedMasters {
  readonly universe: Universe
  readonly files: readonly { file: string; segment: SegmentName; rows: number; isUsed: boolean }[]
}

/** The masters folder cannot be served. */
export class MastersUnavailable extends Error {}

/**
 * Reads real master dumps (`*.txt`). A row belongs to the segment of its first column; when several files have rows of
 * one segment, the last in name order is served, so a newer date wins. Throws MastersUnavailable when the folder cannot be read or has no master row.
 */
export function loadMasters(folder: string): LoadedMasters {
  const tables = new Map<SegmentName, SegmentTable>()
  const origins = new Map<SegmentName, string>()
  const files: { file: string; segment: SegmentName; rows: number }[] = []
  for (const file of textFiles(folder)) {
    for (const [segment, rows] of rowsBySegment(readFileSync(join(folder, file), 'utf8'))) {
      const table = SegmentTable.fromRows(rows)
      files.push({ file, segment, rows: table.count })
      tables.set(segment, table)
      origins.set(segment, file)
    }
  }
  if (tables.size === 0)
    throw new MastersUnavailable(`the masters folder ${folder} has no *.txt file with master rows`)
  const isUsed = (file: string, segment: SegmentName): boolean => origins.get(segment) === file
  return {
    universe: new Universe(tables),
    files: files.map((entry) => ({ ...entry, isUsed: isUsed(entry.file, entry.segment) })),
  }
}

function textFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.txt'))
      .sort()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new MastersUnavailable(
      `the masters folder cannot be read (${why}); set XTS_SIMULATOR_MASTERS_DIR`,
      {
        cause: error,
      },
    )
  }
}

function rowsBySegment(text: string): Map<SegmentName, string[]> {
  const found = new Map<SegmentName, string[]>()
  for (const line of text.split('\n')) {
    const row = line.endsWith('\r') ? line.slice(0, -1) : line
    const segment = row.slice(0, row.indexOf('|'))
    if (!isSegmentName(segment)) continue
    const rows = found.get(segment) ?? []
    rows.push(row)
    found.set(segment, rows)
  }
  return found
}
