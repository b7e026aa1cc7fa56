import { openExchange } from '../testing/open-exchange'
import { factsOfEvent, factsOfRequest } from './fault-facts'

describe('what is known of a request', () => {
  it('is read from its body', () => {
    const body = {
      exchangeSegment: 'NSEFO',
      exchangeInstrumentID: '45',
      orderUniqueIdentifier: 't',
      orderSide: 'SELL',
    }
    const { ledger } = openExchange()
    expect(factsOfRequest({ api: 'interactive', call: 'place', body, query: {} }, ledger)).toMatchObject({
      tag: 't', side: 'SELL', instruments: [{ segment: 'NSEFO', token: 45 }],
    }) // prettier-ignore
  })

  it('is taken from the order when a cancel names only its number', () => {
    const { ledger, place } = openExchange()
    const order = place('BUY', { price: 1400 })
    const query = { appOrderID: String(order.appOrderId) }
    expect(factsOfRequest({ api: 'interactive', call: 'cancel', body: undefined, query }, ledger)).toMatchObject({
      call: 'cancel', tag: 'tag', side: 'BUY', product: 'MIS', instruments: [{ segment: 'NSECM', token: 2885 }],
    }) // prettier-ignore
  })

  it('names every instrument of a batch', () => {
    const body = { xtsMessageCode: 1502, instruments: [{ exchangeSegment: 1, exchangeInstrumentID: 2 }, { exchangeSegment: 12, exchangeInstrumentID: 3 }] } // prettier-ignore
    const { ledger } = openExchange()
    expect(factsOfRequest({ api: 'market', call: 'subscribe', body, query: {} }, ledger)).toMatchObject({
      messageCode: 1502,
      instruments: [
        { segment: 'NSECM', token: 2 },
        { segment: 'BSEFO', token: 3 },
      ],
    })
  })

  it.each([null, 'text', 5, [], { instruments: 'none' }, { instruments: [null, 1] }])(
    'is little and no error for a body like %j',
    (body) => {
      const { ledger } = openExchange()
      expect(factsOfRequest({ api: 'market', call: 'quotes', body, query: null }, ledger)).toMatchObject({
        call: 'quotes',
      })
    },
  )
})

describe('what is known of a message', () => {
  it.each([
    ['JSON', '1501-json-full', '{"MessageCode":1501,"ExchangeSegment":1,"ExchangeInstrumentID":2885}'],
    ['key:value', '1501-json-partial', 't:1_2885,ltp:1'],
  ])('is read from %s', (_, event, payload) => {
    expect(factsOfEvent('market', event, payload)).toMatchObject({
      messageCode: 1501,
      instruments: [{ segment: 'NSECM', token: 2885 }],
    })
  })

  it('is read from the head of a binary packet, and a shorter one has none', () => {
    const packet = Buffer.alloc(15)
    packet.writeUInt16LE(1502, 1)
    packet.writeInt16LE(2, 3)
    packet.writeInt32LE(48225, 5)
    expect(factsOfEvent('market', 'xts-binary-packet', packet)).toMatchObject({
      messageCode: 1502,
      instruments: [{ segment: 'NSEFO', token: 48225 }],
    })
    expect(factsOfEvent('market', 'xts-binary-packet', packet.subarray(0, 8))).toEqual({
      api: 'market',
      event: 'xts-binary-packet',
    })
  })
})
