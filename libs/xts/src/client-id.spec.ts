import { clientIdFor } from './client-id'
import type { XtsToken } from './model'

const DEALER: XtsToken = {
  token: 't',
  userId: 'ABC1234A02',
  clientCodes: ['ABC1234', 'XYZ'],
  isInvestorClient: false,
  epoch: 1,
}

it.each([
  ['none', undefined],
  ['login-user', 'ABC1234A02'],
  ['client-code', 'ABC1234'],
  ['*****', '*****'],
  ['PRO', 'PRO'],
] as const)('sends by policy %s the clientID %s', (policy, clientID) => {
  expect(clientIdFor(policy, DEALER, undefined)).toBe(clientID)
})

it('sends what the caller named, whatever the policy', () => {
  expect(clientIdFor('none', DEALER, 'XYZ')).toBe('XYZ')
  expect(clientIdFor('*****', { ...DEALER, isInvestorClient: true }, 'XYZ')).toBe('XYZ')
})

it('sends none for an investor who named none', () => {
  expect(clientIdFor('client-code', { ...DEALER, isInvestorClient: true }, undefined)).toBeUndefined()
})

it('sends none when the login has no client codes', () => {
  expect(clientIdFor('client-code', { ...DEALER, clientCodes: [] }, undefined)).toBeUndefined()
})
