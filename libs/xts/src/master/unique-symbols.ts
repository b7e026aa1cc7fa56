import type { ListedInstrument } from '@xts-bridge/contracts'

/** Groups of debt on BSE; an equity of the same name keeps the name. */
const DEBT_GROUPS: readonly string[] = ['F', 'G']

/** A second round settles a new symbol that another instrument had all along. */
const MOST_ROUNDS = 3

export interface UniqueSymbols {
  readonly instruments: ListedInstrument[]
  /** Positions of those that got `-TOKEN`. */
  readonly renamed: readonly number[]
}

/**
 * Makes symbols unique within each exchange. Of instruments with one symbol, the only one that is an equity keeps it;
 * the others, or all when none stands out, get `-TOKEN`. The outcome does not depend on the order of rows, so a symbol
 * never passes to another instrument because the broker sorted its list differently.
 */
export function makeSymbolsUnique(instruments: readonly ListedInstrument[]): UniqueSymbols {
  const unique = [...instruments]
  const renamed = new Set<number>()
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const losers = [...bySymbol(unique).values()].flatMap((positions) => losersOf(positions, unique))
    if (losers.length === 0) break
    for (const position of losers) {
      const instrument = unique[position]
      if (instrument === undefined) continue
      unique[position] = { ...instrument, symbol: `${instrument.symbol}-${instrument.token}` }
      renamed.add(position)
    }
  }
  return { instruments: unique, renamed: [...renamed] }
}

/** Positions of the symbols that more than one instrument of an exchange has. */
function bySymbol(instruments: readonly ListedInstrument[]): ReadonlyMap<string, readonly number[]> {
  const firsts = new Map<string, Map<string, number>>()
  const shared = new Map<string, number[]>()
  instruments.forEach(({ exchange, symbol }, position) => {
    const first = firsts.get(exchange) ?? new Map<string, number>()
    firsts.set(exchange, first)
    const known = first.get(symbol)
    if (known === undefined) {
      first.set(symbol, position)
      return
    }
    const key = `${exchange}:${symbol}`
    shared.set(key, [...(shared.get(key) ?? [known]), position])
  })
  return shared
}

function losersOf(positions: readonly number[], instruments: readonly ListedInstrument[]): readonly number[] {
  const equities = positions.filter((position) => isEquity(instruments[position]))
  return equities.length === 1 ? positions.filter((position) => position !== equities[0]) : positions
}

function isEquity(instrument: ListedInstrument | undefined): boolean {
  if (instrument?.exchange === 'BSE') return !DEBT_GROUPS.includes(instrument.series)
  return instrument?.exchange === 'NSE' && instrument.series === 'EQ'
}
