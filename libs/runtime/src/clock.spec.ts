import { randomIds } from './clock'

describe('ids', () => {
  it('are 18 characters that the broker echoes', () => {
    expect(randomIds.next()).toMatch(/^[0-9A-Za-z]{18}$/)
  })

  it('do not repeat', () => {
    const ids = new Set(Array.from({ length: 20_000 }, () => randomIds.next()))
    expect(ids.size).toBe(20_000)
  })
})
