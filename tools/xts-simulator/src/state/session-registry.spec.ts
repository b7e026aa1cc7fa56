import type { Account } from './account'
import { WallClock } from '../time/sim-clock'
import { RandomIds } from '../time/sim-ids'
import { PLAIN_FORM } from '../sockets/feed-form'
import { SessionRegistry, type Session, type SessionSocket } from './session-registry'

const account: Account = {
  kind: 'retail', userId: 'SIM0001', clientCodes: ['SIM0001'], isAlgoAccount: false, cashRupees: 1,
  interactiveKey: 'ik', interactiveSecret: 'is', marketKey: 'mk', marketSecret: 'ms',
} // prettier-ignore
const world = { accounts: [account], clock: new WallClock(), ids: new RandomIds() }
const keys = { appKey: 'ik', secretKey: 'is' }

function fakeSocket(): SessionSocket & { told: string[] } {
  const told: string[] = []
  return {
    id: 'x', ...PLAIN_FORM, told,
    emit: (event) => told.push(event),
    disconnect: () => told.push('disconnected'),
  } // prettier-ignore
}

const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>

describe('SessionRegistry', () => {
  const open = () => {
    const ended: Session[] = []
    return { ended, sessions: new SessionRegistry(world, (session) => ended.push(session)) }
  }

  it('issues a token for a day with the claims of the interactive API', () => {
    const session = open().sessions.login('interactive', keys)
    const claims = claimsOf(session?.token ?? '')
    expect(claims).toMatchObject({ userID: 'SIM0001_IK', publicKey: 'ik', isInteractive: true })
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(86_400)
  })

  it.each([
    ['a wrong secret', { appKey: 'ik', secretKey: 'x' }],
    ['an unknown key', { appKey: 'x', secretKey: 'is' }],
    ['the keys of the other API', { appKey: 'mk', secretKey: 'ms' }],
  ])('opens nothing for %s', (_, wrong) => {
    expect(open().sessions.login('interactive', wrong)).toBeUndefined()
  })

  it('ends the older session of a key: its token is refused, its socket told and dropped', () => {
    const { sessions, ended } = open()
    const first = sessions.login('interactive', keys)
    const socket = fakeSocket()
    first?.sockets.add(socket)
    const second = sessions.login('interactive', keys)
    expect(sessions.check('interactive', first?.token, Date.now())).toEqual({ kind: 'ended' })
    expect(sessions.check('interactive', second?.token, Date.now()).kind).toBe('ok')
    expect(socket.told).toEqual(['logout', 'disconnected'])
    expect(ended).toEqual([first])
  })

  it('keeps the two APIs apart', () => {
    const { sessions } = open()
    const market = sessions.login('market', { appKey: 'mk', secretKey: 'ms' })
    sessions.login('interactive', keys)
    expect(sessions.check('market', market?.token, Date.now()).kind).toBe('ok')
    expect(sessions.check('interactive', market?.token, Date.now())).toEqual({ kind: 'unknown' })
  })

  it('refuses a missing, a blank and an expired token', () => {
    const { sessions } = open()
    const session = sessions.login('interactive', keys)
    expect(sessions.check('interactive', undefined, 0).kind).toBe('missing')
    expect(sessions.check('interactive', '  ', 0).kind).toBe('missing')
    expect(sessions.check('interactive', session?.token, Date.now() + 90_000_000).kind).toBe('expired')
  })

  it('drops sockets without ending sessions', () => {
    const { sessions } = open()
    const session = sessions.login('interactive', keys)
    const socket = fakeSocket()
    session?.sockets.add(socket)
    expect(sessions.dropSockets()).toBe(1)
    expect(socket.told).toEqual(['disconnected'])
    expect(sessions.check('interactive', session?.token, Date.now()).kind).toBe('ok')
  })

  it('revokes the tokens of one API', () => {
    const { sessions } = open()
    const market = sessions.login('market', { appKey: 'mk', secretKey: 'ms' })
    const interactive = sessions.login('interactive', keys)
    expect(sessions.revoke('market')).toBe(1)
    expect(sessions.check('market', market?.token, Date.now()).kind).toBe('ended')
    expect(sessions.check('interactive', interactive?.token, Date.now()).kind).toBe('ok')
  })
})
