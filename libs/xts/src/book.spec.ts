import { readBook, readPositionList } from './book'
import { requiredCount } from './fields'
import { NotOurs, Unreadable } from './unreadable'

const parse = (row: Readonly<Record<string, unknown>>): number => {
  if (row['other'] === true) throw new NotOurs('ProductType BO')
  return requiredCount(row, 'n')
}

it('reads every row', () => {
  expect(readBook([{ n: 1 }, { n: 2 }], parse)).toEqual({
    rows: [1, 2],
    isEmptyAnswer: false,
    skippedRows: [],
  })
})

it('names the rows that it left out', () => {
  const book = readBook([{ other: true }, { n: 2 }], parse)
  expect(book).toEqual({ rows: [2], isEmptyAnswer: false, skippedRows: ['ProductType BO'] })
})

it('says that the answer was empty, which proves nothing alone', () => {
  expect(readBook([], parse).isEmptyAnswer).toBe(true)
})

it('is unreadable as a whole when one row is', () => {
  expect(() => readBook([{ n: 1 }, { n: 'x' }], parse)).toThrow(
    new Unreadable('row 2 of the book: n is not a number: x'),
  )
  expect(() => readBook([{ n: 1 }, null], parse)).toThrow('row 2 of the book: it is not a record')
})

it.each([undefined, null, '', {}, 'rows'])('is unreadable when %p stands in place of its rows', (rows) => {
  expect(() => readBook(rows, parse)).toThrow(Unreadable)
})

it('lets an error of ours through', () => {
  const broken = (): never => {
    throw new TypeError('a bug')
  }
  expect(() => readBook([{}], broken)).toThrow(TypeError)
})

it('finds the positions wherever a build puts them', () => {
  const rows = [{ n: 1 }]
  expect(readPositionList({ positionList: rows })).toBe(rows)
  expect(readPositionList({ PositionList: rows })).toBe(rows)
  expect(readPositionList(rows)).toBe(rows)
  expect(readPositionList({})).toBeUndefined()
})
