import { SeededRandom } from '../seeded-random'
import { DueQueue } from './due-queue'

describe('DueQueue', () => {
  const nothing = (): void => undefined

  it('gives what is due in the order of time, and of one time in the order it was asked', () => {
    const queue = new DueQueue()
    const random = new SeededRandom(7)
    const asked = Array.from({ length: 500 }, () => queue.add(random.between(1, 40), nothing))
    const expected = [...asked].sort((one, other) => one.atMs - other.atMs || one.place - other.place)
    expect(asked.map(() => queue.take())).toEqual(expected)
    expect(queue.take()).toBeUndefined()
  })

  it('passes over what was taken back, wherever it stands', () => {
    const queue = new DueQueue()
    const asked = [5, 3, 9, 1, 7].map((atMs) => queue.add(atMs, nothing))
    for (const due of asked.filter(({ atMs }) => atMs === 1 || atMs === 7)) queue.cancel(due)
    expect(queue.count).toBe(3)
    expect([queue.take()?.atMs, queue.take()?.atMs, queue.take()?.atMs]).toEqual([3, 5, 9])
    expect(queue.count).toBe(0)
  })

  it('gives the rest in order when most are taken back, in any order', () => {
    const queue = new DueQueue()
    const random = new SeededRandom(8)
    const asked = Array.from({ length: 5000 }, () => queue.add(random.between(1, 1000), nothing))
    const left = asked.filter(() => random.next() < 0.02)
    for (const due of asked.filter((one) => !left.includes(one)).reverse()) queue.cancel(due)
    const expected = [...left].sort((one, other) => one.atMs - other.atMs || one.place - other.place)
    expect(queue.count).toBe(left.length)
    expect(left.map(() => queue.take())).toEqual(expected)
    expect(queue.take()).toBeUndefined()
  })

  it('counts a thing once that is taken back twice, or after it happened', () => {
    const queue = new DueQueue()
    const first = queue.add(1, nothing)
    const second = queue.add(2, nothing)
    queue.take()
    queue.cancel(first)
    queue.cancel(second)
    queue.cancel(second)
    expect(queue.count).toBe(0)
    expect(queue.peek()).toBeUndefined()
  })
})
