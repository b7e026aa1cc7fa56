import { AppError, type PositionView } from '@xts-bridge/contracts'
import type { BusAsker } from './bus-asker'
import { ReadPositionBook, type PositionBookAnswer } from './read-position-book'

const POSITION: PositionView = {
  account: 'primary',
  exchange: 'NSE',
  symbol: 'RELIANCE',
  product: 'MIS',
  quantity: 10,
  buyQuantity: 10,
  sellQuantity: 0,
  averagePrice: 100.5,
  buyAveragePrice: 100.5,
  sellAveragePrice: 0,
  multiplier: 1,
  asOfMs: 1_770_000_000_000,
  realisedPnl: 0,
}

function read(
  positions: readonly Partial<PositionView>[],
  lastPrices: Record<string, number>,
): Promise<PositionBookAnswer> {
  const rows = positions.map((position) => ({ ...POSITION, ...position }))
  const orders: BusAsker = { request: <T>() => Promise.resolve(rows as T) }
  const feed: BusAsker = {
    request: <T>(_subject: string, instrument: unknown) => {
      const { symbol } = instrument as { symbol: string }
      const ltp = lastPrices[symbol]
      if (ltp === undefined) return Promise.reject(new AppError('QUOTE_UNAVAILABLE', { symbol }))
      return Promise.resolve({ ltp } as T)
    },
  }
  return new ReadPositionBook(orders, feed).read({ apikey: 'key' })
}

describe('positionbook', () => {
  it('values an open position at its last price, with the multiplier, on top of what is realised', async () => {
    const short = { quantity: -2, averagePrice: 101.75, multiplier: 1000, realisedPnl: 50 }
    const { data } = await read([short], { RELIANCE: 101.5 })
    expect(data).toEqual([
      {
        symbol: 'RELIANCE',
        exchange: 'NSE',
        product: 'MIS',
        quantity: -2,
        average_price: 101.75,
        ltp: 101.5,
        pnl: 550,
      },
    ])
  })

  it('does not report a profit of 0 when the last price is not known', async () => {
    const answer = await read([{}, { symbol: 'TCS' }], { RELIANCE: 101 })
    expect(answer.data).toMatchObject([
      { ltp: 101, pnl: 5 },
      { symbol: 'TCS', ltp: null, pnl: null },
    ])
    expect(answer.message).toBe('The last price is not known for NSE:TCS; pnl is null there.')
  })

  it('reports what a closed position brought without asking for a price', async () => {
    const answer = await read([{ quantity: 0, averagePrice: 0, realisedPnl: -12.345 }], {})
    expect(answer).toEqual({
      status: 'success',
      data: [
        {
          symbol: 'RELIANCE',
          exchange: 'NSE',
          product: 'MIS',
          quantity: 0,
          average_price: 0,
          ltp: null,
          pnl: -12.34,
        },
      ],
    })
  })

  it('answers a book that cannot be read as an error, never as an empty one', async () => {
    const orders: BusAsker = {
      request: () => Promise.reject(new AppError('XTS_READ_FAILED', { reason: 'x' })),
    }
    const story = new ReadPositionBook(orders, orders)
    await expect(story.read({ apikey: 'key' })).rejects.toMatchObject({ httpStatus: 503 })
  })

  it('words a broken request as an object', async () => {
    await expect(read([], {})).resolves.toEqual({ status: 'success', data: [] })
    const story = new ReadPositionBook(
      { request: () => Promise.reject(new Error('asked')) },
      { request: jest.fn() },
    )
    await expect(story.read({ strategy: 'x' })).rejects.toMatchObject({
      httpStatus: 400,
      body: { message: { apikey: ['Missing data for required field.'], strategy: ['Unknown field.'] } },
    })
  })
})
