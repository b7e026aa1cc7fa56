import { universe } from '../testing/open-exchange'
import { accountFrom, accountSettingsSchema, clashOf } from './account-settings'
import { openingsOf, OpeningUnusable } from './carry-over'
import { netQuantity, PositionKeeper } from './position-keeper'

const KEYS = { interactiveKey: 'ik', interactiveSecret: 'is', marketKey: 'mk', marketSecret: 'ms' }
const settings = (change: object) => accountSettingsSchema.parse({ ...KEYS, ...change })

describe('the settings of a login', () => {
  it.each<[object, string, string]>([
    [{}, 'SIM0001', 'SIM0001'],
    [{ kind: 'dealer', clientCodes: ['ABC1', 'ABC2'] }, 'ABC1A02', 'ABC1'],
    [{ kind: 'pro' }, 'PRO001A02', 'PRO001'],
    [{ kind: 'dealer', clientCodes: ['ABC1'], userId: 'DESK9' }, 'DESK9', 'ABC1'],
  ])('%j is user %s with client %s', (change, userId, clientCode) => {
    const account = accountFrom(settings(change))
    expect([account.userId, account.clientCodes[0]]).toEqual([userId, clientCode])
  })

  it('gives what is carried over to the first client unless another is named', () => {
    const carried = { segment: 'NSECM', token: 2885, quantity: -5, averagePrice: 1400 }
    const carriedPositions = [carried, { ...carried, clientCode: 'ABC2', quantity: 3 }]
    const account = accountFrom(settings({ kind: 'dealer', clientCodes: ['ABC1', 'ABC2'], carriedPositions }))
    const positions = new PositionKeeper()
    positions.beginDay(openingsOf([account], universe))
    expect(positions.ofClient('ABC1').map(netQuantity)).toEqual([-5])
    expect(positions.ofClient('ABC2').map(netQuantity)).toEqual([3])
  })

  it('refuses to begin with an instrument that is not listed', () => {
    const carriedPositions = [{ segment: 'NSECM', token: 99, quantity: 1, averagePrice: 1 }]
    const account = accountFrom(settings({ carriedPositions }))
    expect(() => openingsOf([account], universe)).toThrow(OpeningUnusable)
  })

  it.each<[string, object, string | undefined]>([
    ['two users of one name', { interactiveKey: 'i2', marketKey: 'm2' }, 'user SIM0001'],
    ['one interactive key for two', { clientCodes: ['X'], marketKey: 'm2' }, 'interactive key ik'],
    ['one market key for two', { clientCodes: ['X'], interactiveKey: 'i2' }, 'market key mk'],
    [
      'a key that is the same at both APIs',
      { clientCodes: ['X'], interactiveKey: 'mk', marketKey: 'ik' },
      undefined,
    ],
  ])('sees %s', (_, change, clash) => {
    const found = clashOf([settings({}), settings(change)])
    expect(found).toBe(clash === undefined ? undefined : `two logins have the same ${clash}`)
  })

  it('refuses a quantity of nothing', () => {
    const carriedPositions = [{ segment: 'NSECM', token: 2885, quantity: 0, averagePrice: 1 }]
    expect(accountSettingsSchema.safeParse({ ...KEYS, carriedPositions }).success).toBe(false)
  })
})
