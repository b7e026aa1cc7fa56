import type { BrokerSession } from '@xts-bridge/contracts'
import { OrderSession } from './order-session'

const SESSION: BrokerSession = {
  ...{ account: 'primary', api: 'interactive', token: 'a-token', isInvestorClient: true, expiresAtMs: 0 },
  ...{ userId: 'ABC1234A02', clientCodes: ['ABC1234'], epoch: 3 },
}
const sessionWith = (session: BrokerSession | undefined): OrderSession =>
  new OrderSession({ token: () => session, epoch: session?.epoch, reportInvalid: () => undefined })

describe('the login’s own codes', () => {
  it('are its user id and the client codes it came with', () => {
    expect(sessionWith(SESSION).ownCodes).toEqual(['ABC1234A02', 'ABC1234'])
  })

  it('grow by what the login calls itself in its rows', () => {
    const session = sessionWith(SESSION)
    session.learnOwnCode('PROABC')
    session.learnOwnCode('PROABC')
    session.learnOwnCode('')
    expect(session.ownCodes).toEqual(['ABC1234A02', 'ABC1234', 'PROABC'])
  })

  it('are those learned while there is no session', () => {
    const session = sessionWith(undefined)
    session.learnOwnCode('PROABC')
    expect(session.ownCodes).toEqual(['PROABC'])
    expect(session.epoch).toBeUndefined()
  })
})
