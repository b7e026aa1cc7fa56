import { SUBJECTS, USER_SCOPES, type Caller, type Scope, type Subject } from '@xts-bridge/contracts'
import { authorise, mayUseAccount, mayUseClient } from './authorise'

function caller(overrides: Partial<Caller> = {}): Caller {
  return {
    keyId: 'K1',
    name: 'strategy',
    kind: 'user',
    scopes: USER_SCOPES,
    accounts: ['primary', 'second'],
    clientIDs: ['*'],
    ...overrides,
  }
}

const options = { defaultAccount: 'primary' }
const codeOf = (subject: Subject, data: unknown, by: Caller, defaultAccount?: string): string => {
  try {
    authorise(by, subject, data, { defaultAccount })
    return 'allowed'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('authorise: scope', () => {
  const cases = Object.entries(SUBJECTS).map(([subject, { scope }]) => [subject as Subject, scope] as const)

  it.each(cases)('refuses %s to a caller who has every scope but %s', (subject, scope) => {
    const scopes = [...USER_SCOPES, 'session.read', 'key.read'].filter((s): s is Scope => s !== scope)
    expect(codeOf(subject, { account: 'primary' }, caller({ kind: 'service', scopes }), 'primary')).toBe(
      'SCOPE_MISSING',
    )
  })

  it.each(cases)('allows %s to a service that has only %s', (subject, scope) => {
    const by = caller({ kind: 'service', scopes: [scope] })
    expect(codeOf(subject, { account: 'primary' }, by)).toBe('allowed')
  })

  it.each(['session.get', 'session.report-invalid', 'key.verify'] as const)(
    'refuses %s to a user key even when its row lists the scope',
    (subject) => {
      const by = caller({ scopes: [...USER_SCOPES, 'session.read', 'key.read'], accounts: ['*'] })
      expect(codeOf(subject, { account: 'primary' }, by)).toBe('SCOPE_MISSING')
    },
  )

  it('names the scope and the subject', () => {
    expect(() => authorise(caller({ scopes: ['order.read'] }), 'order.place', {}, options)).toThrow(
      'does not have the scope "order.write" that "order.place" needs',
    )
  })
})

describe('authorise: account', () => {
  it.each([
    ['a listed account', { account: 'second' }],
    ['no account, meaning the default one', {}],
  ])('allows %s', (_, data) => {
    expect(codeOf('order.place', data, caller(), 'primary')).toBe('allowed')
  })

  it.each([
    ['an account that is not listed', { account: 'third' }],
    ['a listed name in other letters', { account: 'PRIMARY' }],
    ['an empty name', { account: '' }],
    ['the star itself', { account: '*' }],
    ['a list', { account: ['primary'] }],
    ['a number', { account: 1 }],
    ['null', { account: null }],
  ])('refuses %s', (_, data) => {
    expect(codeOf('order.place', data, caller(), 'third')).toBe('ACCOUNT_NOT_ALLOWED')
  })

  it.each([
    ['nothing at all', undefined],
    ['null', null],
    ['a text', 'primary'],
    ['a list', ['primary']],
  ])('takes data that is %s as naming no account', (_, data) => {
    expect(codeOf('order.place', data, caller(), 'third')).toBe('ACCOUNT_NOT_ALLOWED')
    expect(codeOf('order.place', data, caller(), 'primary')).toBe('allowed')
  })

  it('refuses a request without account when the default account is not listed', () => {
    expect(() => authorise(caller({ accounts: ['second'] }), 'book.positions', {}, options)).toThrow(
      'may not act for the account "primary"',
    )
  })

  it('refuses a request without account when nobody said which one it means', () => {
    expect(codeOf('order.place', {}, caller())).toBe('ACCOUNT_NOT_ALLOWED')
  })

  it('does not find an account in the prototype of the data', () => {
    const data: unknown = Object.create({ account: 'second' })
    expect(codeOf('order.place', data, caller(), 'third')).toBe('ACCOUNT_NOT_ALLOWED')
  })

  it.each([
    'order.place',
    'order.smart',
    'order.modify',
    'order.cancel',
    'order.cancel-all',
    'order.dry-run',
    'order.status',
    'order.replay',
    'order.history',
    'book.orders',
    'book.trades',
    'book.positions',
    'book.open-position',
    'book.holdings',
    'book.funds',
    'position.convert',
    'session.status',
    'session.resume',
    'session.login-page',
    'session.hand-over',
  ] as const)('checks the account of %s', (subject) => {
    expect(codeOf(subject, { account: 'third' }, caller())).toBe('ACCOUNT_NOT_ALLOWED')
    expect(codeOf(subject, { account: 'third' }, caller({ accounts: ['*'] }))).toBe('allowed')
  })

  it('asks no account for what belongs to none', () => {
    expect(codeOf('market.quotes', {}, caller({ accounts: [], clientIDs: [] }))).toBe('allowed')
  })

  it('allows nobody anything by an empty list', () => {
    expect(codeOf('order.place', { account: 'primary' }, caller({ accounts: [] }))).toBe(
      'ACCOUNT_NOT_ALLOWED',
    )
  })
})

const CLIENT_SUBJECTS = [
  'order.place',
  'order.smart',
  'book.orders',
  'book.trades',
  'book.positions',
  'book.open-position',
  'book.holdings',
  'book.funds',
  'position.convert',
] as const

describe('authorise: clientID', () => {
  const held = caller({ clientIDs: ['ABC1234'] })

  it('allows a listed clientID', () => {
    expect(codeOf('order.place', { clientID: 'ABC1234' }, held, 'primary')).toBe('allowed')
  })

  it.each([
    ['another clientID', { clientID: 'XYZ9' }],
    ['none, which would mean the login’s own', {}],
    ['the star itself', { clientID: '*' }],
    ['the broker’s stars for all clients', { clientID: '*****' }],
    ['a list', { clientID: ['ABC1234'] }],
  ])('refuses %s', (_, data) => {
    for (const subject of CLIENT_SUBJECTS)
      expect(codeOf(subject, data, held, 'primary')).toBe('CLIENT_NOT_ALLOWED')
  })

  it('leaves requests that name no client to the service, which shows only rows the caller may see', () => {
    expect(codeOf('order.status', { orderId: 'X' }, held, 'primary')).toBe('allowed')
    expect(mayUseClient(held, 'ABC1234')).toBe(true)
    expect(mayUseClient(held, 'XYZ9')).toBe(false)
    expect(mayUseAccount(held, 'third')).toBe(false)
  })
})
