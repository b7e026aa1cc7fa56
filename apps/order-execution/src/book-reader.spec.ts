import { ManualClock } from '@xts-bridge/contracts'
import { brokerProfile, type CallLimits } from '@xts-bridge/xts'
import { BookReader } from './book-reader'
import type { SessionPort } from './ports'
import { ModelledAccount } from './testing/modelled-account'
import { ModelledBroker } from './testing/modelled-broker'

function reading(
  isBookVerified = false,
  limits?: CallLimits,
): {
  clock: ManualClock
  broker: ModelledBroker
  session: SessionPort & { epoch: number }
  books: BookReader
} {
  const clock = new ManualClock()
  const broker = new ModelledBroker()
  const session = { epoch: 1, ownCodes: [], learnOwnCode: () => undefined, reportInvalid: () => undefined }
  const account = new ModelledAccount(broker)
  return {
    clock,
    broker,
    session,
    books: new BookReader({ clock, broker, account, session, isBookVerified, limits }),
  }
}

describe('reading books', () => {
  it('shares a read among all who ask before it begins', async () => {
    const { books, broker } = reading()
    await Promise.all([books.read('orders'), books.read('orders'), books.read('orders')])
    expect(broker.reads).toEqual(['orders'])
  })

  it('never shares a read that began before the question', async () => {
    const { books, broker, clock } = reading()
    const first = books.read('orders')
    await clock.advance(0)
    const second = books.read('orders')
    await clock.advance(1_010)
    expect(await first).not.toBe(await second)
    expect(broker.reads).toHaveLength(2)
  })

  it('reads each book at most once a second, whoever asks', async () => {
    const { books, broker, clock } = reading()
    const asked = Promise.all([
      books.read('orders'),
      books.read('orders', 'CLI7'),
      books.read('orders', 'CLI8'),
    ])
    await clock.advance(0)
    expect(broker.reads).toHaveLength(1)
    await clock.advance(1_009)
    expect(broker.reads).toHaveLength(1)
    await clock.advance(1)
    expect(broker.reads).toHaveLength(2)
    await clock.advance(1_010)
    await asked
    expect(broker.reads).toHaveLength(3)
  })

  it('reads as often as the profile allows, in any such time', async () => {
    const limits = { ...brokerProfile('simulator').limits, orderBook: { requests: 3, seconds: 2 } }
    const { books, broker, clock } = reading(false, limits)
    const asked = Promise.all(['', 'A', 'B', 'C', 'D'].map((client) => books.read('orders', client)))
    await clock.advance(0)
    expect(broker.reads).toHaveLength(3)
    await clock.advance(2_009)
    expect(broker.reads).toHaveLength(3)
    await clock.advance(1)
    await asked
    expect(broker.reads).toHaveLength(5)
  })

  it('reads first what the resolver asks for, then the start, then users, then routine', async () => {
    const { books, broker, clock } = reading()
    const asked = [books.read('orders', 'FIRST')]
    await clock.advance(0)
    for (const priority of ['routine', 'user', 'start-up', 'resolver'] as const)
      asked.push(books.read('orders', priority, { priority }))
    await clock.advance(5_000)
    await Promise.all(asked)
    expect(broker.readFor.slice(1)).toEqual(['resolver', 'start-up', 'user', 'routine'])
  })

  it('lets a shared read go as early as the most urgent of those who share it', async () => {
    const { books, broker, clock } = reading()
    const asked = [books.read('orders', 'FIRST')]
    await clock.advance(0)
    asked.push(books.read('orders', 'ROUTINE', { priority: 'routine' }), books.read('orders', 'USER'))
    asked.push(books.read('orders', 'ROUTINE', { priority: 'resolver' }))
    await clock.advance(5_000)
    await Promise.all(asked)
    expect(broker.readFor).toEqual(['FIRST', 'ROUTINE', 'USER'])
  })

  it('reads different books at the same time', async () => {
    const { books, broker } = reading()
    await Promise.all([books.read('orders'), books.read('trades'), books.read('positions')])
    expect(broker.reads).toEqual(['orders', 'trades', 'positions'])
  })

  it('believes an empty answer only after rows from the same book, client and session', async () => {
    const { books, broker, clock, session } = reading()
    const isBelieved = async (clientID?: string): Promise<boolean> => {
      const read = books.read('orders', clientID)
      await clock.advance(3_000)
      return (await read).isEmptyBelieved
    }
    expect(await isBelieved()).toBe(false)
    broker.placeByHand()
    expect(await isBelieved()).toBe(false)
    broker.isBookEmptied = true
    expect(await isBelieved()).toBe(true)
    expect(await isBelieved('CLI7')).toBe(false)
    session.epoch = 2
    expect(await isBelieved()).toBe(false)
  })

  it('forgets over night that a book had rows', async () => {
    const { books, broker, clock } = reading()
    broker.placeByHand()
    await books.read('orders')
    broker.isBookEmptied = true
    await clock.advance(24 * 3_600_000)
    expect((await books.read('orders')).isEmptyBelieved).toBe(false)
  })

  it('believes an empty answer of an account that is known to answer truly', async () => {
    expect((await reading(true).books.read('orders')).isEmptyBelieved).toBe(true)
  })

  it('throws XTS_READ_FAILED for what could not be read, and reads again when asked again', async () => {
    const { books, broker, clock } = reading()
    broker.isBookUnreadable = true
    await expect(books.read('trades')).rejects.toMatchObject({ code: 'XTS_READ_FAILED', kind: 'unavailable' })
    broker.isBookUnreadable = false
    const again = books.read('trades')
    await clock.advance(1_010)
    await expect(again).resolves.toMatchObject({ rows: [] })
  })
})
