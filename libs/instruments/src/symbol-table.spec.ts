import { SymbolTable } from './symbol-table'

const SYMBOLS = ['TCS', 'INFY', 'SBIN', 'M&M', 'A', 'AB', 'BA', 'ABC', 'RELIANCE', 'NIFTY']

/** A nearly full table of ten symbols, so that most searches pass over rows of others. */
function crowded(exchangeNumber: number): SymbolTable {
  const heap = Buffer.alloc(200)
  const table = new SymbolTable(new Uint32Array(2 * 16), heap)
  let position = 8
  SYMBOLS.forEach((symbol, row) => {
    heap[position - 1] = exchangeNumber
    heap[position] = symbol.length
    heap.write(symbol, position + 1)
    expect(table.put(exchangeNumber, symbol, { position, row })).toBe(true)
    position += symbol.length + 2
  })
  return table
}

describe('a table of symbols', () => {
  it('finds each row, however crowded it is', () => {
    const table = crowded(3)
    expect(SYMBOLS.map((symbol) => table.find(3, symbol))).toEqual(SYMBOLS.map((_, row) => row))
  })

  it('finds no symbol on another exchange', () => {
    const table = crowded(3)
    for (const other of [0, 1, 2, 4, 5, 6, 7, 8]) {
      expect(SYMBOLS.filter((symbol) => table.find(other, symbol) !== undefined)).toEqual([])
    }
  })

  it.each(['', 'T', 'TC', 'TCSS', 'tcs', 'TCT', 'RELIANC', 'RELIANCF', 'X'.repeat(300), 'ТCS'])(
    'does not take %j for another symbol',
    (symbol) => {
      expect(crowded(3).find(3, symbol)).toBeUndefined()
    },
  )

  it('takes no symbol twice, and the same one of another exchange', () => {
    const table = crowded(3)
    expect(table.put(3, 'TCS', { position: 8, row: 99 })).toBe(false)
    expect(table.put(4, 'TCS', { position: 8, row: 99 })).toBe(true)
    expect(table.find(3, 'TCS')).toBe(0)
  })
})
