import { SubscriptionBook } from './subscription-book'
import { listOf, RELIANCE, SBIN, share, topicOf } from './testing/instruments'

const LTP = topicOf(RELIANCE, 'LTP')
const QUOTE = topicOf(RELIANCE, 'QUOTE')
const refs = (book: SubscriptionBook): number[] =>
  [...book.instruments()].map(({ instrument }) => instrument.token)

describe('SubscriptionBook', () => {
  it('counts all modes of one instrument as one wish', () => {
    const book = new SubscriptionBook(listOf(RELIANCE, SBIN))
    for (const topic of [LTP, QUOTE, topicOf(RELIANCE, 'DEPTH'), topicOf(SBIN, 'LTP')]) book.add(topic, 0)
    expect(refs(book)).toEqual([2885, 3045])
    expect(book.topicCount).toBe(4)
  })

  it('wants an instrument until its last topic is removed', () => {
    const book = new SubscriptionBook(listOf(RELIANCE))
    book.add(LTP, 0)
    book.add(QUOTE, 0)
    book.remove(LTP)
    expect(book.wanted(RELIANCE)?.topics.map(({ topic }) => topic)).toEqual([QUOTE])
    book.remove(QUOTE)
    expect(book.wanted(RELIANCE)).toBeUndefined()
    expect(book.instrumentCount).toBe(0)
  })

  it('adds a topic once, and keeps its sequence', () => {
    const book = new SubscriptionBook(listOf(RELIANCE))
    book.add(LTP, 5)
    book.add(LTP, 900)
    expect(book.topicCount).toBe(1)
    expect(book.wanted(RELIANCE)?.topics).toHaveLength(1)
    expect(book.lastSeq(LTP)).toBe(5)
  })

  it('takes the new start for a topic that was gone in between', () => {
    const book = new SubscriptionBook(listOf(RELIANCE))
    book.add(LTP, 5)
    book.remove(LTP)
    book.add(LTP, 900)
    expect(book.lastSeq(LTP)).toBe(900)
  })

  it.each(['', 'NSE', 'NSE_RELIANCE', 'NSE_RELIANCE_TICK', 'XX_RELIANCE_LTP', 'nse_reliance_ltp'])(
    'refuses %p, which is no full topic',
    (text) => {
      const book = new SubscriptionBook(listOf(RELIANCE))
      expect(book.add(text, 0)).toBe('not-a-topic')
      expect(book.topicCount).toBe(0)
    },
  )

  it('notes a topic of an unknown symbol and finds it with a newer list', () => {
    let find = listOf(RELIANCE)
    const book = new SubscriptionBook((key) => find(key))
    expect(book.add('NSE_NEWCO_LTP', 0)).toBe('unknown-symbol')
    expect(book.unknownTopics).toEqual(['NSE_NEWCO_LTP'])
    find = listOf(RELIANCE, share('NEWCO', 77))
    book.relink()
    expect(book.unknownTopics).toEqual([])
    expect(refs(book)).toEqual([77])
  })

  it('follows a symbol whose token changed, with its sequence', () => {
    let find = listOf(RELIANCE)
    const book = new SubscriptionBook((key) => find(key))
    book.add(LTP, 3)
    find = listOf(share('RELIANCE', 9999))
    book.relink()
    expect(refs(book)).toEqual([9999])
    expect(book.wanted(RELIANCE)).toBeUndefined()
    expect(book.lastSeq(LTP)).toBe(3)
  })

  it('lets a topic of an unknown symbol be removed', () => {
    const book = new SubscriptionBook(listOf())
    book.add('NSE_NOSUCH_LTP', 0)
    book.remove('NSE_NOSUCH_LTP')
    book.remove('NSE_NEVER_LTP')
    expect(book.unknownTopics).toEqual([])
  })

  it('notes a mode that the broker cannot stream with its reason, and wants the other modes all the same', () => {
    const book = new SubscriptionBook(listOf(RELIANCE), (_, mode) =>
      mode === 'LTP' ? undefined : 'last prices only',
    )
    expect(book.add(LTP, 0)).toBe('wanted')
    expect(book.add(QUOTE, 0)).toBe('outside-profile')
    expect(book.wanted(RELIANCE)?.topics.map(({ topic }) => topic)).toEqual([LTP])
    expect(book.topicsOutsideProfile).toEqual([{ topic: QUOTE, reason: 'last prices only' }])
    expect(book.unknownTopics).toEqual([])
    book.remove(QUOTE)
    expect(book.topicsOutsideProfile).toEqual([])
  })
})
