import type { OrderSide, SimOrder } from './sim-order'
import { StopBook } from './stop-book'

const stop = (side: OrderSide, stopPrice: number): SimOrder => ({ side, state: { stopPrice } }) as SimOrder

/** What fires one after the other at this price. */
function firing(book: StopBook, lastPrice: number): SimOrder[] {
  const fired: SimOrder[] = []
  for (let next = book.firedBy(lastPrice); next; next = book.firedBy(lastPrice)) {
    fired.push(next)
    book.delete(next)
  }
  return fired
}

describe('StopBook', () => {
  it('fires a buy stop when the price comes up to it, the nearest first and the older of two', () => {
    const book = new StopBook()
    const [far, near, alsoNear] = [stop('BUY', 102), stop('BUY', 101), stop('BUY', 101)]
    for (const order of [far, near, alsoNear]) book.add(order)
    expect(book.firedBy(100.95)).toBeUndefined()
    expect(firing(book, 101)).toEqual([near, alsoNear])
    expect(firing(book, 102.05)).toEqual([far])
    expect(book.size).toBe(0)
  })

  it('fires a sell stop when the price comes down to it', () => {
    const book = new StopBook()
    const [near, far] = [stop('SELL', 99), stop('SELL', 98)]
    for (const order of [far, near]) book.add(order)
    expect(book.firedBy(99.05)).toBeUndefined()
    expect(firing(book, 90)).toEqual([near, far])
  })

  it('forgets an order that leaves, though its trigger was changed meanwhile', () => {
    const book = new StopBook()
    const order = stop('SELL', 99)
    book.add(order)
    order.state = { ...order.state, stopPrice: 95 }
    book.delete(order)
    book.delete(order)
    expect(book.firedBy(1)).toBeUndefined()
    expect(book.orders()).toEqual([])
  })
})
