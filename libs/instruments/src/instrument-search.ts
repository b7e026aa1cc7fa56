import { EXCHANGES, SEGMENTS, type Exchange, type ListedInstrument } from '@xts-bridge/contracts'
import { contractRows, type ContractRowsQuery } from './contract-rows'
import type { ContractDirectory } from './contract-directory'
import type { IndexFile } from './index-file'
import { MOST_FOUND, type SearchQuery } from './list-queries'
import { buildSearchIndex, type SearchEntry, type SearchIndex } from './search-entries'
import { searchTokens, splitContract, type SearchToken } from './search-tokens'

/** How well a word fits an entry: the smaller the better. */
const FIT = {
  base: 0,
  baseBeginning: 1,
  word: 2,
  wordBeginning: 3,
  inside: 5,
  similarBase: 6,
  similarWord: 8,
  contractsOnly: 20,
  none: 255,
} as const
const NUMBER = /^\d+(\.\d+)?$/

type Wideness = 'beginning' | 'inside' | 'similar'

/** Finds instruments by what a person types. One list's; made in some tenths of a second, in short steps. */
export class InstrumentSearch {
  private constructor(
    private readonly list: IndexFile,
    private readonly directory: ContractDirectory,
    private readonly index: SearchIndex,
  ) {}

  static async build(
    list: IndexFile,
    directory: ContractDirectory,
    giveWay: () => Promise<void>,
  ): Promise<InstrumentSearch> {
    return new InstrumentSearch(list, directory, await buildSearchIndex(list, directory, giveWay))
  }

  /**
   * Best first: the symbol itself, names that begin with the text, names of which a word does, contracts that fit each
   * word (`NIFTY 26NOV 24500 CE`), the instrument a token belongs to, text inside a name, and only when there is nothing of that, names but for a typing mistake.
   */
  find(query: SearchQuery): readonly ListedInstrument[] {
    return [...this.rows(query)].map((row) => this.list.listedAt(row))
  }

  private rows({ text, exchange, limit = MOST_FOUND }: SearchQuery): ReadonlySet<number> {
    const most = Math.min(Math.max(1, Math.trunc(limit)), MOST_FOUND)
    const found = new FoundRows(most)
    const tokens = searchTokens(text)
    if (tokens.length === 0) return found.rows
    const joined = tokens.map((token) => token.text).join('')
    const exchanges = exchange === undefined ? EXCHANGES : [exchange]
    const add = (words: readonly SearchToken[], wideness: Wideness): void =>
      this.addEntries(found, { words, wideness, exchange })
    for (const each of exchanges) found.add(this.list.rowOf(each, joined))
    if (NUMBER.test(joined)) this.addTokens(found, Number(joined), exchanges)
    add(tokens, 'beginning')
    this.addSymbols(found, joined, exchanges)
    const parts = tokens.length === 1 ? splitContract(joined) : undefined
    if (parts !== undefined && found.rows.size === 0) add(parts, 'beginning')
    if (found.rows.size < fewOf(tokens)) add(tokens, 'inside')
    if (found.rows.size === 0) add(parts ?? tokens, 'similar')
    return found.rows
  }

  /** Instruments whose token the number is. */
  private addTokens(found: FoundRows, token: number, exchanges: readonly Exchange[]): void {
    for (const segmentNumber of Object.values(SEGMENTS)) {
      const row = this.list.rowOfToken(segmentNumber, token)
      if (row !== undefined && exchanges.includes(this.list.rows.exchange(row))) found.add(row)
    }
  }

  /** Symbols that begin with the text: `NIFTY26NOV26245`. Names are found by their words, in a better order. */
  private addSymbols(found: FoundRows, text: string, exchanges: readonly Exchange[]): void {
    if (!/\d/.test(text)) return
    for (const exchange of exchanges) {
      for (let at = this.list.orderedPosition(exchange, text); !found.isFull; at += 1) {
        if (this.list.symbolAt(exchange, at)?.startsWith(text) !== true) break
        found.add(this.list.orderedRow(exchange, at))
      }
    }
  }

  private addEntries(
    found: FoundRows,
    {
      words,
      wideness,
      exchange,
    }: { words: readonly SearchToken[]; wideness: Wideness } & Pick<SearchQuery, 'exchange'>,
  ): void {
    const { entries } = this.index
    const fits = words.map((word) => this.fitsOf(word, words.length, wideness))
    const numbers = this.matches(fits, { words, wideness, exchange })
    for (const part of ['first', 'rest'] as const) {
      for (const number of numbers) {
        const entry = entries[number]
        if (found.isFull || entry === undefined) return
        if (entry.kind === 'cash') {
          found.add(entry.row)
          continue
        }
        const contractWords = words.filter((_, at) => fits[at]?.[number] === FIT.none)
        found.addAll(this.contracts(entry, { contractWords, part, wordCount: words.length }))
      }
    }
  }

  private contracts(
    entry: Extract<SearchEntry, { kind: 'contracts' }>,
    wanted: Pick<ContractRowsQuery, 'contractWords' | 'part'> & { readonly wordCount: number },
  ): Iterable<number> {
    const { contractWords, part, wordCount } = wanted
    const { directory, list } = this
    return contractRows({
      list,
      directory,
      strikes: this.index.strikes,
      entry,
      contractWords,
      part,
      isNamed: contractWords.length < wordCount,
    })
  }

  /** Numbers of the entries that every word fits, best first. */
  private matches(
    fits: readonly Uint8Array[],
    {
      words,
      wideness,
      exchange,
    }: { words: readonly SearchToken[]; wideness: Wideness } & Pick<SearchQuery, 'exchange'>,
  ): readonly number[] {
    const byFit: number[][] = []
    const { entries } = this.index
    const [first] = fits
    const isName = words[0]?.contract === undefined
    for (let number = 0; number < entries.length; number += 1) {
      // Most entries do not fit the first word, and these are told without a look at them.
      if (isName && first?.[number] === FIT.none) continue
      const entry = entries[number]
      if (entry === undefined || (exchange !== undefined && entry.exchange !== exchange)) continue
      const fit = fitOfEntry(entry, { words, fits, number, wideness })
      if (fit !== undefined) (byFit[fit] ??= []).push(number)
    }
    return byFit.flat()
  }

  /** How the word fits the name of each entry. */
  private fitsOf({ text, contract }: SearchToken, wordCount: number, wideness: Wideness): Uint8Array {
    const { entries, terms } = this.index
    const fits = new Uint8Array(entries.length).fill(FIT.none)
    let hasFit = false
    const markOne = (number: number, fit: number): void => {
      fits[number] = Math.min(fits[number] ?? FIT.none, fit)
    }
    const mark = (numbers: Uint32Array, fit: number): void => {
      hasFit = true
      for (const number of numbers) markOne(number, fit)
    }
    // Beside other words `CE` is a call and not the beginning of a name.
    const isWholeOnly = contract !== undefined && wordCount > 1
    terms.startingWith(text, (numbers, isWhole) => {
      if (isWhole) mark(numbers, FIT.word)
      else if (!isWholeOnly) mark(numbers, FIT.wordBeginning)
    })
    if (contract !== undefined && wordCount > 1) return fits
    if (wideness !== 'beginning' && text.length > 1)
      terms.containing(text, (numbers) => mark(numbers, FIT.inside))
    const mistakes = mistakesIn(text)
    if (wideness === 'similar' && mistakes > 0 && !hasFit) {
      terms.similarTo(text, mistakes, (numbers, term, distance) => {
        for (const number of numbers) {
          const isBase = entries[number]?.base === term
          markOne(number, (isBase ? FIT.similarBase : FIT.similarWord) + distance - 1)
        }
      })
    }
    return fits
  }
}

/** How well all words fit an entry; a word that is about its contracts and not its name costs nothing. Undefined when one does not fit. */
function fitOfEntry(
  entry: SearchEntry,
  {
    words,
    fits,
    number,
    wideness,
  }: {
    words: readonly SearchToken[]
    fits: readonly Uint8Array[]
    number: number
    wideness: Wideness
  },
): number | undefined {
  let sum = 0
  let named = 0
  for (let at = 0; at < words.length; at += 1) {
    const fit = fits[at]?.[number] ?? FIT.none
    const word = words[at]
    if (word === undefined) return undefined
    if (fit !== FIT.none) {
      sum += fitOfBase(fit, entry.base, word.text)
      named += 1
    } else if (entry.kind !== 'contracts' || word.contract === undefined) return undefined
  }
  if (named > 0) return sum
  return wideness === 'beginning' ? FIT.contractsOnly : undefined
}

/** Rows in the order they were found, each once, up to a limit. */
class FoundRows {
  readonly rows = new Set<number>()

  constructor(private readonly most: number) {}

  get isFull(): boolean {
    return this.rows.size >= this.most
  }

  add(row: number | undefined): void {
    if (row !== undefined && !this.isFull) this.rows.add(row)
  }

  addAll(rows: Iterable<number>): void {
    for (const row of rows) {
      if (this.isFull) return
      this.rows.add(row)
    }
  }
}

function fitOfBase(fit: number, base: string, text: string): number {
  if (!base.startsWith(text)) return fit
  return base.length === text.length ? FIT.base : FIT.baseBeginning
}

/** With fewer finds than this, names that have the words in the middle are found too. */
function fewOf(tokens: readonly SearchToken[]): number {
  return tokens.length === 1 ? 20 : 1
}

/** Typing mistakes that a word of this length may have. */
function mistakesIn(text: string): number {
  if (text.length < 3 || NUMBER.test(text)) return 0
  return text.length < 6 ? 1 : 2
}
