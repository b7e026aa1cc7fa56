import fc from 'fast-check'
import { MasterParser, parseMasterText } from './master-parser'
import { cashRow, contractRow, type MadeRow } from './testing/made-rows'

const anyRow = fc.oneof(cashRow, contractRow)

describe('a row that was made up', () => {
  it.each([
    ['cash', cashRow],
    ['contract', contractRow],
  ])('of kind %s reads as the instrument it was made for', (_, rows) => {
    fc.assert(
      fc.property(rows, ({ row, instrument }) => {
        const { instruments, counts } = parseMasterText(row)
        expect(counts).toEqual([{ segment: instrument.segment, rows: 1, instruments: 1, refused: {} }])
        expect(instruments).toEqual([instrument])
      }),
      { numRuns: 400 },
    )
  })

  it('reads the same among others, in pieces of any size, as text or bytes', () => {
    const rows = fc.uniqueArray(anyRow, { selector: keyOf, minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(
        rows,
        fc.integer({ min: 1, max: 400 }),
        fc.constantFrom('\n', '\r\n'),
        (made, size, end) => {
          const text = made.map(({ row }) => row).join(end)
          const whole = parseMasterText(text)
          expect(whole.instruments).toHaveLength(made.length)
          for (const source of [text, Buffer.from(text)]) {
            const parser = new MasterParser()
            for (let at = 0; at < source.length; at += size) parser.addText(source.slice(at, at + size))
            expect(parser.finish()).toEqual(whole)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  it('is an instrument or a counted refusal, wherever it is cut or changed', () => {
    const change = fc.record({ at: fc.nat(), text: fc.string({ maxLength: 4 }), cut: fc.nat({ max: 30 }) })
    fc.assert(
      fc.property(anyRow, change, ({ row }, { at, text, cut }) => {
        const place = at % row.length
        const broken = (row.slice(0, place) + text + row.slice(place + cut)).replaceAll('\n', '')
        const { counts, instruments } = parseMasterText(broken)
        const rows = counts.reduce((sum, count) => sum + count.rows, 0)
        const refused = counts.flatMap((count) => Object.values(count.refused)).reduce((a, b) => a + b, 0)
        expect(rows).toBe(broken.trim() === '' ? 0 : 1)
        expect(instruments.length + refused).toBe(rows)
      }),
      { numRuns: 600 },
    )
  })
})

function keyOf({ instrument }: MadeRow): string {
  return `${instrument.segment}:${instrument.token}`
}
