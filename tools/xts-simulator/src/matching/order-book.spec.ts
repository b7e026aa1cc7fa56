import { OrderBook, toUnits, type Resting } from './order-book'
import type { OrderSide, SimOrder } from './sim-order'

const orderOf = (clientCode: string, side: OrderSide): SimOrder => ({ clientCode, side }) as SimOrder

const resting = (rupees: number, quantity: number, order?: SimOrder): Resting => ({
  order,
  priceUnits: toUnits(rupees),
  quantity,
  orderCount: 1,
})

describe('OrderBook', () => {
  it('takes the better price first and the older order at a price first', () => {
    const book = new OrderBook()
    book.add('SELL', resting(101, 10))
    book.add('SELL', resting(100, 5))
    book.add('SELL', resting(100, 7))
    const { matches, leftover } = book.take('BUY', 14)
    expect(matches.map((match) => [match.priceUnits / 10_000, match.quantity])).toEqual([
      [100, 5],
      [100, 7],
      [101, 2],
    ])
    expect(leftover).toBe(0)
  })

  it('stops at the limit and leaves the rest over', () => {
    const book = new OrderBook()
    book.add('BUY', resting(99, 10))
    book.add('BUY', resting(98, 10))
    expect(book.take('SELL', 15, toUnits(99))).toMatchObject({ leftover: 5, isSelfTrade: false })
    expect(book.bestUnits('BUY')).toBe(toUnits(98))
  })

  it('does not let a client trade with itself', () => {
    const book = new OrderBook()
    book.add('SELL', resting(100, 5, orderOf('THEM', 'SELL')))
    book.add('SELL', resting(100, 5, orderOf('ME', 'SELL')))
    expect(book.take('BUY', 10, undefined, 'ME')).toMatchObject({ leftover: 5, isSelfTrade: true })
    expect(book.totalQuantity('SELL')).toBe(5)
  })

  it('shows depth summed by price and keeps the total right', () => {
    const book = new OrderBook()
    book.add('BUY', resting(99, 10))
    book.add('BUY', resting(99, 5, orderOf('ME', 'BUY')))
    book.add('BUY', resting(98, 1))
    expect(book.depth('BUY', 1)).toEqual([{ price: 99, quantity: 15, orders: 2 }])
    book.take('SELL', 3)
    expect(book.totalQuantity('BUY')).toBe(13)
  })

  it('forgets an order that is taken out, once', () => {
    const book = new OrderBook()
    const mine = orderOf('ME', 'BUY')
    book.add('BUY', resting(99, 5, mine))
    book.removeOrder(mine)
    book.removeOrder(mine)
    expect(book.totalQuantity('BUY')).toBe(0)
    expect(book.hasClients).toBe(false)
  })

  it('has nothing to give when it is empty', () => {
    expect(new OrderBook().take('BUY', 5)).toEqual({ matches: [], leftover: 5, isSelfTrade: false })
  })
})

describe('a disclosed quantity', () => {
  it('shows a part, and each further part stands behind those who show all', () => {
    const book = new OrderBook()
    book.add('SELL', { ...resting(100, 10), disclosed: 4 })
    book.add('SELL', resting(100, 3))
    expect(book.depth('SELL', 1)).toEqual([{ price: 100, quantity: 7, orders: 2 }])
    const { matches, leftover } = book.take('BUY', 12)
    expect(matches.map((match) => match.quantity)).toEqual([4, 3, 4, 1])
    expect(leftover).toBe(0)
    expect(book.totalQuantity('SELL')).toBe(1)
  })
})

describe('an order that becomes smaller', () => {
  it('keeps its place and shows less', () => {
    const book = new OrderBook()
    const mine = orderOf('ME', 'SELL')
    book.add('SELL', resting(100, 5, mine))
    book.add('SELL', resting(100, 5))
    book.shrink(mine, 3)
    expect(book.totalQuantity('SELL')).toBe(7)
    expect(book.take('BUY', 3).matches.map(({ maker }) => maker.order)).toEqual([mine, undefined])
  })

  it('is gone when nothing is left of it', () => {
    const book = new OrderBook()
    const mine = orderOf('ME', 'SELL')
    book.add('SELL', resting(100, 5, mine))
    book.shrink(mine, 5)
    expect(book.hasClients).toBe(false)
    expect(book.bestUnits('SELL')).toBeUndefined()
  })
})
