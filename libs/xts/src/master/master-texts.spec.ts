import { MasterParser, parseMasterText } from './master-parser'
import { BSE_CASH, INDEX_FUTURE, INDEX_OPTION, NSE_CASH, SME_CASH, SPREAD } from './testing/rows'

describe('a text', () => {
  it('that is empty has no rows', () => {
    expect(parseMasterText('')).toEqual({ instruments: [], counts: [], samples: {} })
    expect(parseMasterText('\n\r\n  \n').counts).toEqual([])
  })

  it('may end its lines in CRLF and with or without a last line ending', () => {
    for (const text of [`${NSE_CASH}\r\n${SME_CASH}\r\n`, `${NSE_CASH}\n${SME_CASH}`]) {
      expect(parseMasterText(text).instruments.map(({ symbol }) => symbol)).toEqual(['RELIANCE', 'KEL-SM'])
    }
  })

  it.each([
    ['text', `\uFEFF${NSE_CASH}\n${SME_CASH}`],
    ['bytes', Buffer.from(`\uFEFF${NSE_CASH}\n${SME_CASH}`, 'utf8')],
  ])('may begin with a byte order mark, as %s', (_, text) => {
    expect(parseMasterText(text).instruments).toHaveLength(2)
  })

  it('may have a byte order mark nowhere else', () => {
    expect(parseMasterText(`${NSE_CASH}\n\uFEFF${SME_CASH}`).instruments).toHaveLength(1)
  })

  it('gives the same list in pieces of any size', () => {
    const text = [NSE_CASH, SME_CASH, BSE_CASH, INDEX_FUTURE, INDEX_OPTION, SPREAD].join('\n')
    const whole = parseMasterText(text)
    for (const size of [1, 7, 100, 333]) {
      const parser = new MasterParser()
      for (let at = 0; at < text.length; at += size) parser.addText(text.slice(at, at + size))
      expect(parser.finish()).toEqual(whole)
    }
  })

  it('does not run on into the next one', () => {
    const parser = new MasterParser()
    for (const row of [NSE_CASH, SME_CASH]) {
      parser.addText(row)
      parser.endText()
    }
    expect(parser.finish().instruments).toHaveLength(2)
  })
})
