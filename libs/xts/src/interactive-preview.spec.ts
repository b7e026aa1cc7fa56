import { XtsInteractive } from './interactive'
import type { BrokerOrderInstruction, XtsToken } from './model'
import { brokerProfile } from './profiles'
import { FakeHttp, success } from './testing/fake-http'

const TOKEN: XtsToken = {
  token: 'jwt-1',
  userId: 'ABC1234A02',
  clientCodes: ['ABC1234'],
  isInvestorClient: false,
  epoch: 7,
  interactivePrefix: '/7interactive',
}
const ORDER: BrokerOrderInstruction = {
  tag: 'tag000000000000001',
  segment: 'NSEFO',
  token: 48225,
  side: 'BUY',
  priceType: 'SL',
  product: 'NRML',
  validity: 'DAY',
  quantity: 65,
  disclosedQuantity: 0,
  price: 101.5,
  triggerPrice: 101,
}
const REF = { brokerOrderId: '3110037830', tag: ORDER.tag, clientID: 'CLI7' }

function client(http: FakeHttp, token: XtsToken | undefined): XtsInteractive {
  const profile = brokerProfile('simulator', { orderClientId: '*****' })
  return new XtsInteractive({ http: http.asCaller(), profile, token: () => token })
}

describe('a preview', () => {
  const ACK = success({ AppOrderID: 3110037830, OrderUniqueIdentifier: ORDER.tag, ClientID: 'CLI7' })

  it('is what is sent, to the letter: an order, a modification, a cancellation', async () => {
    const http = new FakeHttp([ACK, ACK, ACK])
    const xts = client(http, TOKEN)
    await xts.place(ORDER)
    await xts.modify(REF, ORDER)
    await xts.cancel(REF)
    const sent = http.sent.map(({ method, path, query, body }) => ({ method, path, query, body }))
    expect([xts.previewPlace(ORDER), xts.previewModify(REF, ORDER), xts.previewCancel(REF)]).toEqual(sent)
    expect(sent[0]).toMatchObject({ path: '/7interactive/orders', body: { clientID: '*****' } })
    expect(sent[2]).toMatchObject({ query: { appOrderID: '3110037830', clientID: 'CLI7' } })
  })

  it('sends nothing, and there is none without a session', () => {
    const http = new FakeHttp([])
    expect(client(http, TOKEN).previewPlace(ORDER)).toBeDefined()
    expect(client(http, undefined).previewPlace(ORDER)).toBeUndefined()
    expect(http.sent).toEqual([])
  })
})

describe('a cancellation', () => {
  it('goes on the pool that passes an open breaker, and can be stopped at the last instant', async () => {
    const http = new FakeHttp([success({ AppOrderID: 1 })])
    const xts = client(http, TOKEN)
    await xts.cancel(REF)
    expect(http.sent[0]?.family).toBe('exit')
    const late = (): void => {
      throw new Error('too late')
    }
    await expect(xts.cancel(REF, { beforeSend: late })).resolves.toMatchObject({ kind: 'not-sent' })
    expect(http.sent).toHaveLength(1)
  })
})
