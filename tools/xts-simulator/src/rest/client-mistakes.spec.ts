import type { Account } from '../state/account'
import { WallClock } from '../time/sim-clock'
import { RandomIds } from '../time/sim-ids'
import { SessionRegistry } from '../state/session-registry'
import { refusal, success, validationFailure } from '../wire/envelopes'
import { mistakesOf, pathMistake, tokenMistake, type Judged } from './client-mistakes'
import { FieldReader } from './field-reader'

const account: Account = {
  kind: 'dealer', userId: 'DEAL1A02', clientCodes: ['C1', 'C2'], isAlgoAccount: false, cashRupees: 1,
  interactiveKey: 'ik', interactiveSecret: 'is', marketKey: 'mk', marketSecret: 'ms',
} // prettier-ignore
const OK = success('s-1', 'fine', {})

function judge(changes: Partial<Judged>): [string, unknown][] {
  const usual: Judged = { api: 'interactive', method: 'POST', headers: { 'content-type': 'application/json' }, body: {}, query: {}, session: undefined, answer: OK, wasRead: true } // prettier-ignore
  return mistakesOf({ ...usual, ...changes }).map(({ sentence, facts }) => [sentence, facts])
}

describe('mistakesOf', () => {
  it('has nothing to say about a sound request', () => {
    const body = { exchangeSegment: 'NSECM' }
    new FieldReader(body, 'body').text('exchangeSegment')
    expect(judge({ body })).toEqual([])
  })

  it.each<[string, Partial<Judged>, RegExp]>([
    ['Bearer before the token', { headers: { authorization: 'Bearer abc' } }, /Bearer before its token/],
    ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: { a: '1' } }, /sent a form/],
    ['a body without a type', { headers: {}, body: { a: 1 } }, /did not say that its body is application\/json/],
    ['a body with a DELETE', { method: 'DELETE', body: { appOrderID: 1 } }, /body with a DELETE/],
    ['a segment number among orders', { body: { exchangeSegment: 1 } }, /number of a segment where its name belongs/],
    ['a segment number as text', { query: { exchangeSegment: '1' } }, /number of a segment where its name belongs/],
    ['a segment number for a master', { api: 'market', body: { exchangeSegmentList: [1] } }, /number of a segment where its name/],
    ['a segment name among ticks', { api: 'market', body: { instruments: [{ exchangeSegment: 'NSECM' }] } }, /named a segment where the market-data API has its number/],
    ['a second subscription', { answer: refusal('e-session-0002', 'Instrument Already Subscribed !') }, /subscribed what its session has already/],
    ['no token', { answer: refusal('e-token-0002', 'x') }, /sent no token/],
    ['too many calls', { answer: { status: 429, body: { err: true, data: { code: 'e-apirl-0004' } } } }, /more often than its limit/],
  ])('names %s', (_what, changes, sentence) => {
    expect(judge(changes).map(([said]) => said)).toContainEqual(expect.stringMatching(sentence))
  }) // prettier-ignore

  it('names the fields nobody asked for, and the one that was meant', () => {
    const body = { appOrderId: 5, colour: 'red', price: 1 }
    const fields = new FieldReader(body, 'body')
    fields.number('appOrderID')
    fields.number('price')
    expect(judge({ body })).toEqual([
      ['a client sent fields this broker does not know', { fields: ['appOrderId', 'colour'], place: 'body', meant: ['appOrderID'] }],
    ]) // prettier-ignore
  })

  it('says nothing of fields that nobody came to read', () => {
    expect(judge({ body: { a: 1 }, wasRead: false })).toEqual([])
    expect(judge({ body: { a: 1 }, answer: refusal('e-apirl-0004', 'x') }).map(([said]) => said)).toEqual([
      expect.stringMatching(/limit/),
    ])
  })

  it('says which clients a dealer may name', () => {
    const fields = new FieldReader({}, 'body')
    fields.text('clientID')
    const session = { account } as Judged['session']
    expect(judge({ session, answer: validationFailure(fields.errors) })).toEqual([
      [expect.stringMatching(/must send clientID/), { kind: 'dealer', clientID: ['C1', 'C2'] }],
    ])
  })
})

describe('tokenMistake', () => {
  const sessions = new SessionRegistry(
    { accounts: [account], clock: new WallClock(), ids: new RandomIds() },
    () => undefined,
  )
  const keys = { appKey: 'ik', secretKey: 'is' }
  const said = (token: string | undefined, api: 'interactive' | 'market' = 'interactive') =>
    tokenMistake(sessions, api, token)?.sentence

  it('tells an invented token from one of the other API and one that was ended', () => {
    const first = sessions.login('interactive', keys)?.token
    expect(said(undefined)).toBeUndefined()
    expect(said(first)).toBeUndefined()
    expect(said(first, 'market')).toMatch(/token of the other API/)
    expect(said('invented')).toMatch(/never issued/)
    const second = sessions.login('interactive', keys)
    expect(said(first)).toMatch(/newer login with the same appKey/)
    expect(said(`Bearer ${first}`)).toMatch(/newer login/)
    if (second) sessions.logout(second)
    expect(said(second?.token)).toMatch(/after it had logged out/)
    const third = sessions.login('interactive', keys)?.token
    sessions.revoke(undefined)
    expect(said(third)).toMatch(/revoked/)
  })

  it('never repeats a token', () => {
    expect(JSON.stringify(tokenMistake(sessions, 'market', 'secret-token'))).not.toContain('secret-token')
  })
})

describe('pathMistake', () => {
  const routes = [
    { method: 'get', path: '/orders' },
    { method: 'post', path: '/orders' },
  ]
  it('tells a wrong method from a wrong prefix and from a path that is nowhere', () => {
    const meant = (method: string, path: string) => pathMistake(method, path, routes).facts?.['meant']
    expect(meant('PATCH', '/interactive/orders')).toEqual({ methods: ['GET', 'POST'] })
    expect(meant('GET', '/orders')).toHaveProperty('prefix')
    expect(meant('GET', '/interactive/orders/nowhere')).toBeUndefined()
  })
})
