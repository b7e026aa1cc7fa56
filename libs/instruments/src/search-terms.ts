import { editDistance } from './edit-distance'

/** Rows of work between two pauses while terms are gathered or sorted. */
const TERMS_PER_STEP = 1_000
const LETTER_BITS = 30

/** Gathers the words under which entries can be found. */
export class TermCollector {
  /** By the first two characters, so that no part takes long to sort. */
  private readonly parts = new Map<string, Map<string, number[]>>()

  add(term: string, entry: number): void {
    if (term === '') return
    const start = term.slice(0, 2)
    const part = this.parts.get(start) ?? new Map<string, number[]>()
    this.parts.set(start, part)
    const entries = part.get(term)
    if (entries === undefined) part.set(term, [entry])
    else if (entries.at(-1) !== entry) entries.push(entry)
  }

  /** The finished terms; gives way every now and then. */
  async finish(giveWay: () => Promise<void>): Promise<SearchTerms> {
    const terms: string[] = []
    const postings: Uint32Array[] = []
    const letters: number[] = []
    let sincePause = 0
    for (const start of [...this.parts.keys()].sort()) {
      const part = this.parts.get(start) ?? new Map<string, number[]>()
      for (const term of [...part.keys()].sort()) {
        terms.push(term)
        letters.push(lettersOf(term))
        postings.push(Uint32Array.from(part.get(term) ?? []))
      }
      sincePause += part.size
      if (sincePause < TERMS_PER_STEP) continue
      sincePause = 0
      await giveWay()
    }
    await giveWay()
    return new SearchTerms(terms, postings, Uint32Array.from(letters))
  }
}

/** The distinct words of a list in alphabetical order, each with the entries that have it. */
export class SearchTerms {
  constructor(
    private readonly terms: readonly string[],
    private readonly postings: readonly Uint32Array[],
    private readonly letters: Uint32Array,
  ) {}

  /** Entries of each term that begins with the text; `isWhole` says that the term is the text. */
  startingWith(text: string, onTerm: (entries: Uint32Array, isWhole: boolean) => void): void {
    for (let at = this.position(text); at < this.terms.length; at += 1) {
      const term = this.terms[at] ?? ''
      if (!term.startsWith(text)) return
      onTerm(this.postings[at] ?? new Uint32Array(0), term.length === text.length)
    }
  }

  /** Entries of each term that has the text inside. */
  containing(text: string, onTerm: (entries: Uint32Array) => void): void {
    const wanted = lettersOf(text)
    this.letters.forEach((letters, at) => {
      if ((letters & wanted) !== wanted) return
      if ((this.terms[at] ?? '').includes(text, 1)) onTerm(this.postings[at] ?? new Uint32Array(0))
    })
  }

  /** Entries of each term that is the text but for `mistakes` letters at most. */
  similarTo(
    text: string,
    mistakes: number,
    onTerm: (entries: Uint32Array, term: string, distance: number) => void,
  ): void {
    const wanted = lettersOf(text)
    this.letters.forEach((letters, at) => {
      // A mistake changes the set of letters by two at most: one that is gone and one that came.
      if (bitCount(letters ^ wanted) > mistakes * 2) return
      const term = this.terms[at] ?? ''
      const distance = editDistance(term, text, mistakes)
      if (distance <= mistakes) onTerm(this.postings[at] ?? new Uint32Array(0), term, distance)
    })
  }

  private position(text: string): number {
    let low = 0
    let high = this.terms.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.terms[middle] ?? '') < text) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** One bit for each letter that occurs; several may share one. */
function lettersOf(text: string): number {
  let letters = 0
  for (let at = 0; at < text.length; at += 1) letters |= 1 << (text.charCodeAt(at) % LETTER_BITS)
  return letters >>> 0
}

function bitCount(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1
  return count
}
