import {
  cashOf,
  clientOfBook,
  clientOfDealerBook,
  clientOfOrder,
  limitsOf,
  type Account,
  type AccountKind,
} from './account'

const account = (kind: AccountKind): Account => ({
  kind, userId: 'ABC1A02', clientCodes: ['ABC1', 'ABC2'], isAlgoAccount: false, cashRupees: 1,
  interactiveKey: '', interactiveSecret: '', marketKey: '', marketSecret: '',
}) // prettier-ignore

describe('whose order or book is meant', () => {
  it.each<[AccountKind, string | undefined, string]>([
    ['retail', undefined, 'ABC1'],
    ['retail', 'ABC1', 'ABC1'],
    ['retail', 'ABC2', 'not-mapped'],
    ['dealer', undefined, 'missing'],
    ['dealer', 'ABC2', 'ABC2'],
    ['dealer', 'ABC1A02', 'not-mapped'],
    ['pro', undefined, 'missing'],
    ['pro', '*****', 'ABC1'],
    ['pro', 'PRO', 'ABC1'],
    ['pro', 'XYZ', 'not-mapped'],
  ])('an order of a %s login with clientID %s is of %s', (kind, clientID, expected) => {
    const choice = clientOfOrder(account(kind), clientID)
    expect(choice.kind === 'client' ? choice.clientCode : choice.kind).toBe(expected)
  })

  it.each<[AccountKind, string | undefined, string]>([
    ['pro', undefined, 'ABC1'],
    ['pro', 'XYZ', 'not-mapped'],
    ['dealer', undefined, 'missing'],
    ['retail', undefined, 'ABC1'],
  ])('a book of a %s login with clientID %s is of %s', (kind, clientID, expected) => {
    const choice = clientOfBook(account(kind), clientID)
    expect(choice.kind === 'client' ? choice.clientCode : choice.kind).toBe(expected)
  })

  it.each<[AccountKind, string | undefined, string]>([
    ['retail', undefined, 'not-mapped'],
    ['retail', 'ABC1', 'not-mapped'],
    ['dealer', undefined, 'missing'],
    ['dealer', 'ABC2', 'ABC2'],
    ['dealer', 'XYZ', 'not-mapped'],
    ['pro', undefined, 'missing'],
    ['pro', '*****', 'ABC1'],
    ['pro', 'ABC1', 'not-mapped'],
  ])('a dealer book of a %s login with clientID %s is of %s', (kind, clientID, expected) => {
    const choice = clientOfDealerBook(account(kind), clientID)
    expect(choice.kind === 'client' ? choice.clientCode : choice.kind).toBe(expected)
  })

  it.each<[AccountKind, string | undefined, 'either' | 'login' | 'client', string]>([
    ['retail', undefined, 'either', 'ABC1 as ABC1'],
    ['retail', 'XYZ', 'either', 'none'],
    ['dealer', undefined, 'either', 'ABC1 as ABC1A02'],
    ['dealer', 'ABC1A02', 'either', 'ABC1 as ABC1A02'],
    ['dealer', 'ABC2', 'either', 'ABC2 as ABC2'],
    ['dealer', 'ABC2', 'login', 'none'],
    ['dealer', 'ABC1A02', 'login', 'ABC1 as ABC1A02'],
    ['dealer', 'ABC1A02', 'client', 'none'],
    ['dealer', 'ABC2', 'client', 'ABC2 as ABC2'],
    ['pro', '*****', 'either', 'ABC1 as ABC1'],
    ['pro', undefined, 'either', 'ABC1 as ABC1A02'],
    ['pro', 'XYZ', 'either', 'none'],
  ])('the balance of a %s login with clientID %s is, asked by %s, of %s', (kind, clientID, by, expected) => {
    const limits = limitsOf(account(kind), clientID, by)
    expect(limits.kind === 'none' ? 'none' : `${limits.clientCode} as ${limits.accountId}`).toBe(expected)
  })
})

describe('cashOf', () => {
  it('is what a client has of its own, else what every client of the login has', () => {
    const dealer = { ...account('dealer'), cashRupees: 100, clientCash: { ABC2: 7 } }
    expect([cashOf(dealer, 'ABC1'), cashOf(dealer, 'ABC2')]).toEqual([100, 7])
  })
})
