import { UnreadableTally, type UnreadableKind } from './unreadable-tally'

function tally() {
  const told: (UnreadableKind & { readonly event: string })[] = []
  return { told, counted: new UnreadableTally((event, kind) => void told.push({ event, ...kind })) }
}

describe('what could not be read', () => {
  it('is told at the first, tenth and hundredth of its kind, with the last problem', () => {
    const { told, counted } = tally()
    for (let n = 1; n <= 150; n += 1) counted.add('1599-json-full', `${n} characters`)
    expect(told).toEqual([
      { event: '1599-json-full', count: 1, problem: '1 characters' },
      { event: '1599-json-full', count: 10, problem: '10 characters' },
      { event: '1599-json-full', count: 100, problem: '100 characters' },
    ])
    expect(counted.total).toBe(150)
    expect(counted.byEvent()).toEqual({ '1599-json-full': { count: 150, problem: '150 characters' } })
  })

  it('is told for each kind anew, and counted together once there are too many kinds', () => {
    const { told, counted } = tally()
    for (let n = 0; n < 60; n += 1) counted.add(`event-${n}`, 'x')
    expect(Object.keys(counted.byEvent())).toHaveLength(51)
    expect(counted.byEvent()['other events']).toEqual({ count: 10, problem: 'x' })
    expect(told).toHaveLength(52)
  })
})
