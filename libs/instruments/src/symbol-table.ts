import { hashCharacters, hashSymbol } from './index-layout'

/**
 * Finds a row by exchange and symbol. A slot has two numbers side by side: where the symbol stands in the text heap, 0
 * for an empty slot, and its row; in the heap the exchange's number stands before the symbol's length. So a search
 * touches two places in memory, whatever the number of rows.
 */
export class SymbolTable {
  private readonly mask: number

  /** `slots` has two numbers per slot; their count is a power of two and above the rows. */
  constructor(
    private readonly slots: Uint32Array,
    private readonly heap: Uint8Array,
  ) {
    this.mask = slots.length / 2 - 1
  }

  /** Undefined when no row has this symbol on this exchange. */
  find(exchangeNumber: number, symbol: string): number | undefined {
    const { mask, slots } = this
    for (let slot = hashSymbol(exchangeNumber, symbol) & mask; ; slot = (slot + 1) & mask) {
      const position = slots[slot * 2] ?? 0
      if (position === 0) return undefined
      if (this.isSymbolAt(position, exchangeNumber, symbol)) return slots[slot * 2 + 1]
    }
  }

  /** False when the exchange has this symbol already. */
  put(
    exchangeNumber: number,
    symbol: string,
    place: { readonly position: number; readonly row: number },
  ): boolean {
    const { mask, slots } = this
    let slot = hashSymbol(exchangeNumber, symbol) & mask
    for (let other = slots[slot * 2] ?? 0; other !== 0; other = slots[slot * 2] ?? 0) {
      if (this.isSymbolAt(other, exchangeNumber, symbol)) return false
      slot = (slot + 1) & mask
    }
    slots[slot * 2] = place.position
    slots[slot * 2 + 1] = place.row
    return true
  }

  /** Puts a row whose symbol is in the heap and is known to be no other row's. */
  putKnown(place: { readonly position: number; readonly row: number }): void {
    const { heap, mask, slots } = this
    const first = place.position + 1
    const end = first + (heap[place.position] ?? 0)
    let slot = hashCharacters(heap[place.position - 1] ?? 0, heap, { first, end }) & mask
    while (slots[slot * 2] !== 0) slot = (slot + 1) & mask
    slots[slot * 2] = place.position
    slots[slot * 2 + 1] = place.row
  }

  private isSymbolAt(position: number, exchangeNumber: number, symbol: string): boolean {
    const { heap } = this
    if (heap[position] !== symbol.length || heap[position - 1] !== exchangeNumber) return false
    for (let at = 0; at < symbol.length; at += 1) {
      if (heap[position + 1 + at] !== symbol.charCodeAt(at)) return false
    }
    return true
  }
}
