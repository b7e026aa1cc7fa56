import { mergeUpdate } from '@xts-bridge/xts'
import { LastValues } from './last-values'

const reliance = { segment: 'NSECM', token: 2885 } as const

describe('mergeUpdate', () => {
  it('keeps the fields that the newer message does not carry', () => {
    const known = { ...reliance, lastPrice: 100, volume: 5, openInterest: 7 }
    expect(mergeUpdate(known, { ...reliance, lastPrice: 101 })).toEqual({
      ...reliance,
      lastPrice: 101,
      volume: 5,
      openInterest: 7,
    })
  })

  it('does not let a field that is present but undefined erase a value', () => {
    const known = { ...reliance, lastPrice: 100, volume: 5 }
    expect(mergeUpdate(known, { ...reliance, lastPrice: undefined, volume: 6 })).toEqual({
      ...reliance,
      lastPrice: 100,
      volume: 6,
    })
  })

  it('replaces every field that a full message carries, zeros and shorter books included', () => {
    const known = { ...reliance, lastQuantity: 9, bids: [{ price: 1, quantity: 1, orders: 1 }] }
    expect(mergeUpdate(known, { ...reliance, lastQuantity: 0, bids: [] })).toEqual({
      ...reliance,
      lastQuantity: 0,
      bids: [],
    })
  })

  it('does not change the value that was handed out before', () => {
    const known = { ...reliance, lastPrice: 100 }
    mergeUpdate(known, { ...reliance, lastPrice: 101 })
    expect(known.lastPrice).toBe(100)
  })
})

describe('LastValues', () => {
  it('keeps the same token of two segments apart', () => {
    const values = new LastValues()
    values.apply({ segment: 'NSECM', token: 1, lastPrice: 10 }, 1)
    values.apply({ segment: 'BSECM', token: 1, lastPrice: 20 }, 2)
    expect(values.find({ segment: 'NSECM', token: 1 })?.update.lastPrice).toBe(10)
    expect(values.find({ segment: 'BSECM', token: 1 })?.update.lastPrice).toBe(20)
  })

  it('says when the newest message came', () => {
    const values = new LastValues()
    values.apply({ ...reliance, lastPrice: 10 }, 1_000)
    values.apply({ ...reliance, volume: 3 }, 2_000)
    expect(values.find(reliance)).toEqual({
      update: { ...reliance, lastPrice: 10, volume: 3 },
      receivedAtMs: 2_000,
    })
  })

  it('merges nothing into a value that was forgotten or cleared', () => {
    const values = new LastValues()
    values.apply({ ...reliance, lastPrice: 10 }, 1)
    values.forget(reliance)
    values.apply({ ...reliance, volume: 3 }, 2)
    expect(values.find(reliance)?.update.lastPrice).toBeUndefined()
    values.clear()
    expect(values.size).toBe(0)
  })
})
