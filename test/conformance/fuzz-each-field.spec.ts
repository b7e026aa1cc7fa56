import { eachFieldSpoiled } from '../support/fuzz/each-field'

const texts = (body: object): string[] =>
  [...eachFieldSpoiled({ method: 'POST', path: '/x', api: 'open', body: { ...body } }, '/p', 't')].map(
    (wire) => wire.body ?? '',
  )

describe('eachFieldSpoiled', () => {
  it('puts every hostile scalar into every field, one at a time, and leaves the others sound', () => {
    const all = texts({ quantity: 1, price: 2 })
    expect(all).toHaveLength(30)
    expect(new Set(all).size).toBe(30)
    expect(all).toContain('{"quantity":"Infinity","price":2}')
    expect(all).toContain('{"quantity":1,"price":1e309}')
    expect(all).toContain('{"quantity":-0,"price":2}')
  })

  it('reaches the fields of the objects in a list, and the list', () => {
    const all = texts({ instruments: [{ segment: 1, token: 2 }] })
    expect(all).toContain('{"instruments":null}')
    expect(all).toContain('{"instruments":[{}]}')
    expect(all).toContain('{"instruments":[{"segment":1,"token":"NaN"}]}')
  })

  it('spoils a query word by word', () => {
    const sound = { method: 'GET', path: '/x', api: 'open', query: { a: '1', b: '2' } } as const
    const paths = [...eachFieldSpoiled(sound, '', '')].map(({ path }) => path)
    expect(paths).toHaveLength(22)
    expect(paths).toContain('/x?a=1&b=Infinity')
    expect(paths).toContain('/x?a=&b=2')
  })
})
