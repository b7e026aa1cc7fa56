import type { ListedInstrument } from '@xts-bridge/contracts'
import { IndexFile } from '../index-file'
import type { IndexFolder } from '../index-folder'
import { encodeIndex } from '../index-writer'
import type { ListMeta } from '../list-meta'

/** An NSE equity with this symbol and token. */
export function listed(
  symbol: string,
  token: number,
  more: Partial<ListedInstrument> = {},
): ListedInstrument {
  return {
    exchange: 'NSE',
    symbol,
    segment: 'NSECM',
    token,
    brokerSymbol: symbol,
    name: `${symbol} LTD`,
    instrumentType: 'EQ',
    lotSize: 1,
    tickSize: 0.05,
    multiplier: 1,
    series: 'EQ',
    ...more,
  }
}

export function metaOf(version: string): ListMeta {
  return { version, broker: 'simulator', builtAtMs: 1_795_000_000_000, segments: [] }
}

/** A list in memory. */
export function listOf(...instruments: readonly ListedInstrument[]): IndexFile {
  return IndexFile.decode(encodeIndex(instruments, metaOf('v20261120-1')), 'memory')
}

/** Writes a list and puts it in force. */
export function publish(
  folder: IndexFolder,
  version: string,
  instruments: readonly ListedInstrument[],
): void {
  folder.write(version, encodeIndex(instruments, metaOf(version)))
  folder.pointTo(version)
}
