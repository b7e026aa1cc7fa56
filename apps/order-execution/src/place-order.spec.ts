import { codeOf, errorOf, House } from './testing/house'
import type { PlaceFate } from './testing/modelled-broker'

describe('order.place', () => {
  it('answers accepted with the broker’s id, having written the intent before the wire', async () => {
    const house = await House.started()
    const kindsAtSend: string[] = []
    const place = house.broker.place
    house.broker.place = (...call) => {
      kindsAtSend.push(...house.disk.kinds())
      return place(...call)
    }
    const answer = await house.run(house.place({}, { clientOrderId: 'mine' }))
    expect(answer).toEqual({
      orderId: 'id000001',
      brokerOrderId: '1110000001',
      state: 'accepted',
      clientOrderId: 'mine',
    })
    expect(kindsAtSend).toEqual(['intended'])
    expect(house.disk.kinds()).toEqual(['intended', 'settled', 'event'])
    expect(house.disk.entries[0]).toMatchObject({ order: { instrumentsVersion: 'v20260204-1' } })
    expect(house.topics()).toEqual(['accepted'])
  })

  it('sends exactly what was asked, under our id as tag', async () => {
    const house = await House.started()
    await house.run(house.place({ clientID: 'CLI7', priceType: 'SL', price: 101, triggerPrice: 100.5 }))
    expect(house.broker.placed).toEqual([
      {
        tag: 'id000001',
        segment: 'NSECM',
        token: 2885,
        side: 'BUY',
        priceType: 'SL',
        product: 'MIS',
        validity: 'DAY',
        quantity: 10,
        disclosedQuantity: 0,
        price: 101,
        triggerPrice: 100.5,
        clientID: 'CLI7',
      },
    ])
  })

  it.each<[PlaceFate, string, string]>([
    ['reject', 'BROKER_REJECTED', 'rejected'],
    ['refuse session', 'SESSION_UNAVAILABLE', 'rejected'],
    ['no session', 'SESSION_UNAVAILABLE', 'absent'],
    ['not sent', 'XTS_NOT_SENT', 'absent'],
    ['reply lost', 'XTS_REPLY_LOST', 'unknown'],
    ['never arrives', 'XTS_REPLY_LOST', 'unknown'],
  ])('answers "%s" with %s and holds the order %s', async (fate, code, state) => {
    const house = await House.started()
    house.broker.fates = [fate]
    const error = await errorOf(house.run(house.place()))
    expect(error.code).toBe(code)
    expect(error.details).toMatchObject({ orderId: 'id000001' })
    expect(
      house.core.readOrder.status({ orderId: 'id000001' }, { caller: { clientIDs: ['*'] } }),
    ).toMatchObject({
      state,
    })
  })

  it('gives the broker’s code and words with a rejection, and tells it', async () => {
    const house = await House.started()
    house.broker.fates = ['reject']
    const error = await errorOf(house.run(house.place()))
    expect(error.details).toMatchObject({
      brokerCode: 'e-orders-0002',
      brokerDescription: 'Market order Or Price 0 is not allowed',
    })
    expect(house.topics()).toEqual(['rejected'])
  })

  it('reports a session that the broker refused', async () => {
    const house = await House.started()
    house.broker.fates = ['refuse session']
    await codeOf(house.run(house.place()))
    expect(house.reportedEpochs).toEqual([1])
  })

  it('tells that an order is unknown and does not send it again', async () => {
    const house = await House.started()
    house.broker.fates = ['never arrives']
    await codeOf(house.run(house.place()))
    await house.pass(3_600_000)
    expect(house.topics()[0]).toBe('unknown')
    expect(house.broker.placed).toHaveLength(1)
  })

  it('treats a call that throws as sent, because nothing says it was not', async () => {
    const house = await House.started()
    house.broker.place = () => Promise.reject(new Error('bug in the client'))
    expect(await codeOf(house.run(house.place()))).toBe('XTS_REPLY_LOST')
  })

  it('answers with the state that events have shown before the reply', async () => {
    const house = await House.started()
    house.broker.fates = ['event before reply']
    expect(await house.run(house.place())).toMatchObject({ state: 'open', brokerOrderId: '1110000001' })
    expect(house.topics()).toEqual(['opened'])
  })

  it('answers placed when the reply is lost but an event has shown the order', async () => {
    const house = await House.started()
    house.broker.fates = ['reply lost']
    house.broker.fillsAtPrice = 100
    expect(await house.run(house.place())).toMatchObject({ state: 'filled' })
  })

  it('does not send after the deadline, and says how late it was', async () => {
    const house = await House.started()
    const error = await errorOf(house.place({}, { deadlineAtMs: house.clock.nowMs() - 5 }))
    expect(error).toMatchObject({ code: 'DEADLINE_EXPIRED', details: { lateByMs: 5 } })
    expect(house.broker.placed).toEqual([])
  })

  it('does not send when the deadline passes while the order waits for its turn', async () => {
    const house = await House.started()
    const place = house.broker.place
    house.broker.place = async (...call) => {
      await new Promise<void>((resolve) => house.clock.after(2_000, resolve))
      return place(...call)
    }
    const context = { deadlineAtMs: house.clock.nowMs() + 1_000, clientOrderId: 'late' }
    expect(await codeOf(house.run(house.place({}, context)))).toBe('DEADLINE_EXPIRED')
    expect(house.broker.placed).toEqual([])
    expect(await codeOf(house.run(house.place({}, { clientOrderId: 'late' })))).toBe('DEADLINE_EXPIRED')
  })

  it('does not send when the disk refuses the intent', async () => {
    const house = await House.started()
    house.disk.refusal = 'disk full'
    expect(await codeOf(house.run(house.place({}, { clientOrderId: 'mine' })))).toBe('JOURNAL_UNAVAILABLE')
    expect(house.broker.placed).toEqual([])
    house.disk.refusal = undefined
    await expect(house.run(house.place({}, { clientOrderId: 'mine' }))).resolves.toMatchObject({
      state: 'accepted',
    })
  })

  it('answers what the broker did although the disk refuses the evidence, and takes no further order until it is written', async () => {
    const house = await House.started()
    const place = house.broker.place
    house.broker.place = (...call) => {
      house.disk.refusal = 'disk full'
      return place(...call)
    }
    await expect(house.run(house.place())).resolves.toMatchObject({ state: 'accepted' })
    expect(house.published).toEqual([])
    house.broker.place = place
    expect(await codeOf(house.run(house.place()))).toBe('NOT_READY')
    house.disk.refusal = undefined
    await house.pass(2_000)
    expect(house.topics()).toEqual(['accepted'])
    await expect(house.run(house.place())).resolves.toMatchObject({ state: 'accepted' })
  })
})

describe('what order.place refuses, all of it before anything is written', () => {
  const refusals: [string, Record<string, unknown>, string, string][] = [
    ['an unknown field', { colour: 'red' }, 'REQUEST_INVALID', 'colour'],
    ['a missing symbol', { symbol: undefined }, 'REQUEST_INVALID', 'symbol'],
    ['an empty symbol', { symbol: '' }, 'REQUEST_INVALID', 'symbol'],
    ['an unknown exchange', { exchange: 'LSE' }, 'REQUEST_INVALID', 'exchange'],
    ['a missing side', { side: undefined }, 'REQUEST_INVALID', 'side'],
    ['a side in lower case', { side: 'buy' }, 'REQUEST_INVALID', 'side'],
    ['a missing quantity', { quantity: undefined }, 'REQUEST_INVALID', 'quantity'],
    ['a quantity of 0', { quantity: 0 }, 'REQUEST_INVALID', 'quantity'],
    ['a negative quantity', { quantity: -1 }, 'REQUEST_INVALID', 'quantity'],
    ['half a share', { quantity: 0.5 }, 'REQUEST_INVALID', 'quantity'],
    ['a quantity as text', { quantity: '10' }, 'REQUEST_INVALID', 'quantity'],
    ['an absurd quantity', { quantity: 2_000_000_000 }, 'REQUEST_INVALID', 'quantity'],
    ['an unknown price type', { priceType: 'STOP' }, 'REQUEST_INVALID', 'priceType'],
    ['an unknown product', { product: 'BO' }, 'REQUEST_INVALID', 'product'],
    ['an unknown validity', { validity: 'GTC' }, 'REQUEST_INVALID', 'validity'],
    ['a limit order without a price', { price: 0 }, 'REQUEST_INVALID', 'price'],
    ['a negative price', { price: -1 }, 'REQUEST_INVALID', 'price'],
    ['a price that is not a number', { price: Number.NaN }, 'REQUEST_INVALID', 'price'],
    ['a market order with a price', { priceType: 'MARKET' }, 'REQUEST_INVALID', 'price'],
    ['a stop order without a trigger', { priceType: 'SL' }, 'REQUEST_INVALID', 'triggerPrice'],
    ['a trigger on a limit order', { triggerPrice: 99 }, 'REQUEST_INVALID', 'triggerPrice'],
    ['a negative disclosed quantity', { disclosedQuantity: -1 }, 'REQUEST_INVALID', 'disclosedQuantity'],
    ['an account that is no name', { account: 'A B' }, 'REQUEST_INVALID', 'account'],
    ['an empty clientID', { clientID: '' }, 'REQUEST_INVALID', 'clientID'],
    ['another account', { account: 'second' }, 'ACCOUNT_UNKNOWN', 'second'],
    ['a symbol there is not', { symbol: 'RELIANCEE' }, 'INSTRUMENT_NOT_FOUND', 'RELIANCEE'],
    ['an index', { exchange: 'NSE_INDEX', symbol: 'NIFTY' }, 'INSTRUMENT_NOT_TRADABLE', 'index'],
    ['a price off the tick', { price: 100.02 }, 'ORDER_PRICE_OFF_TICK', 'price 100.02'],
    ['a price above the band', { price: 5_000.05 }, 'ORDER_PRICE_OUTSIDE_BAND', '5000'],
    ['a price below the band', { price: 49.95 }, 'ORDER_PRICE_OUTSIDE_BAND', '50'],
  ]
  it.each(refusals)('%s', async (_, change, code, word) => {
    const house = await House.started()
    const error = await errorOf(house.run(house.place(change)))
    expect(error.code).toBe(code)
    expect(error.message).toContain(word)
    expect(house.disk.entries).toEqual([])
    expect(house.broker.placed).toEqual([])
  })

  it('anything that is not an order, and stays up', async () => {
    const house = await House.started()
    for (const data of [undefined, null, 'BUY', 7, [], {}]) {
      const work = house.core.placeOrder.place(data, { caller: { clientIDs: ['*'] } })
      expect(await codeOf(work)).toBe('REQUEST_INVALID')
    }
    await expect(house.run(house.place())).resolves.toMatchObject({ state: 'accepted' })
  })

  it('names all problems with an instrument at once', async () => {
    const house = await House.started()
    const change = { exchange: 'NFO', symbol: 'NIFTY17FEB2625700PE', quantity: 1_900, price: 101.52 }
    const error = await errorOf(house.run(house.place(change)))
    expect(error.code).toBe('ORDER_INVALID')
    expect(error.details['problems']).toEqual([
      expect.objectContaining({ field: 'quantity', code: 'ORDER_QUANTITY_NOT_LOT_MULTIPLE' }),
      expect.objectContaining({ field: 'quantity', code: 'ORDER_QUANTITY_ABOVE_FREEZE' }),
      expect.objectContaining({ field: 'price', code: 'ORDER_PRICE_OFF_TICK' }),
    ])
  })
})

describe('a clientOrderId', () => {
  it('gets the first answer again, while it is worked on and after', async () => {
    const house = await House.started()
    const first = house.place({}, { clientOrderId: 'mine' })
    const second = house.place({}, { clientOrderId: 'mine' })
    const answer = await house.run(first)
    expect(await house.run(second)).toEqual(answer)
    expect(await house.run(house.place({}, { clientOrderId: 'mine' }))).toEqual(answer)
    expect(house.broker.placed).toHaveLength(1)
  })

  it('is refused for another body, while it is worked on and after', async () => {
    const house = await House.started()
    const first = house.place({}, { clientOrderId: 'mine' })
    expect(await codeOf(house.place({ quantity: 11 }, { clientOrderId: 'mine' }))).toBe(
      'CLIENT_ORDER_ID_REUSED',
    )
    await house.run(first)
    expect(await codeOf(house.place({ quantity: 11 }, { clientOrderId: 'mine' }))).toBe(
      'CLIENT_ORDER_ID_REUSED',
    )
    expect(await codeOf(house.smart({ targetPosition: 10 }, { clientOrderId: 'mine' }))).toBe(
      'CLIENT_ORDER_ID_REUSED',
    )
  })

  it('gets the first answer after a restart, and another body is still refused', async () => {
    const house = await House.started()
    const answer = await house.run(house.place({}, { clientOrderId: 'mine' }))
    await house.crashAndRestart()
    expect(await house.run(house.place({}, { clientOrderId: 'mine' }))).toEqual(answer)
    expect(await codeOf(house.run(house.place({ quantity: 11 }, { clientOrderId: 'mine' })))).toBe(
      'CLIENT_ORDER_ID_REUSED',
    )
    expect(house.broker.placed).toHaveLength(1)
  })

  it.each<[PlaceFate, string]>([
    ['reject', 'BROKER_REJECTED'],
    ['not sent', 'XTS_NOT_SENT'],
    ['refuse session', 'SESSION_UNAVAILABLE'],
  ])('whose order ended with "%s" keeps that answer, also after a restart', async (fate, code) => {
    const house = await House.started()
    house.broker.fates = [fate]
    const first = await errorOf(house.run(house.place({}, { clientOrderId: 'mine' })))
    expect(first.code).toBe(code)
    expect(first.details).toMatchObject({ clientOrderId: 'mine' })
    const again = await errorOf(house.run(house.place({}, { clientOrderId: 'mine' })))
    expect([again.code, again.details]).toEqual([first.code, first.details])
    await house.crashAndRestart()
    expect((await errorOf(house.run(house.place({}, { clientOrderId: 'mine' })))).code).toBe(code)
    expect(house.broker.placed.length).toBeLessThanOrEqual(1)
  })

  it('says in words that an order that was not sent used it up', async () => {
    const house = await House.started()
    house.broker.fates = ['not sent']
    const error = await errorOf(house.run(house.place({}, { clientOrderId: 'mine' })))
    expect(error.message).toContain('clientOrderId "mine" keeps this answer')
  })

  it('stays free when the request was refused before anything was decided', async () => {
    const house = await House.started()
    expect(await codeOf(house.run(house.place({ price: 100.02 }, { clientOrderId: 'mine' })))).toBe(
      'ORDER_PRICE_OFF_TICK',
    )
    await expect(house.run(house.place({}, { clientOrderId: 'mine' }))).resolves.toMatchObject({
      state: 'accepted',
    })
  })

  it('is free again after seven days', async () => {
    const house = await House.started()
    await house.run(house.place({}, { clientOrderId: 'mine' }))
    await house.pass(7 * 24 * 3_600_000)
    await house.run(house.place({ quantity: 11 }, { clientOrderId: 'mine' }))
    expect(house.broker.placed).toHaveLength(2)
  })

  it('means two orders when it is left out', async () => {
    const house = await House.started()
    await house.run(house.place())
    await house.run(house.place())
    expect(house.broker.placed.map((order) => order.tag)).toEqual(['id000001', 'id000002'])
  })
})

describe('before the service is ready', () => {
  it('names everything that is missing', async () => {
    const house = new House()
    house.sessionEpoch = undefined
    house.hasInstruments = false
    await house.run(house.core.start())
    const error = await errorOf(house.place())
    expect(error.code).toBe('NOT_READY')
    expect(error.message).toContain('no broker session')
    expect(error.message).toContain('no instrument list')
    expect(error.message).toContain('books are not reconciled')
  })

  it('takes no order until the books are read, then becomes ready by itself', async () => {
    const house = new House()
    house.broker.isBookUnreadable = true
    await house.start()
    expect(await codeOf(house.place())).toBe('NOT_READY')
    house.broker.isBookUnreadable = false
    await house.pass(60_000)
    await expect(house.run(house.place())).resolves.toMatchObject({ state: 'accepted' })
  })

  it('stays ready while the socket is down for as long as the books can be read', async () => {
    const house = await House.started()
    house.drop()
    await house.pass(120_000)
    expect(house.core.readiness.conditions().book).toBe(true)
    house.broker.isBookUnreadable = true
    await house.pass(30_000)
    expect(house.core.readiness.conditions().book).toBe(false)
  })
})
