import { AppError, ManualClock, type BrokerSession, type SessionState } from '@xts-bridge/contracts'
import { SessionFollower } from './session-follower'

function session(epoch: number): BrokerSession {
  return {
    account: 'primary',
    api: 'interactive',
    token: `token-${epoch}`,
    userId: 'ABC1234A02',
    clientCodes: ['ABC1234'],
    isInvestorClient: true,
    epoch,
    expiresAtMs: 0,
  }
}
const renewed = (epoch: number, api: 'interactive' | 'market' = 'interactive'): SessionState => ({
  account: 'primary',
  api,
  state: 'live',
  epoch,
})

class Auth {
  answer: BrokerSession | undefined
  readonly asked: unknown[] = []
  readonly reports: unknown[] = []

  async request<T>(subject: string, data: unknown): Promise<T> {
    if (subject === 'session.report-invalid') {
      if (this.answer === undefined) throw new AppError('REQUEST_NOT_SENT', { subject, reason: 'down' })
      this.reports.push(data)
      return undefined as T
    }
    this.asked.push(data)
    if (this.answer === undefined)
      throw new AppError('SESSION_UNAVAILABLE', { api: 'interactive', account: 'primary' })
    return this.answer as T
  }
}

function following(): { clock: ManualClock; auth: Auth; follower: SessionFollower; renewals: () => number } {
  const clock = new ManualClock()
  const auth = new Auth()
  let count = 0
  const silent = { error: () => undefined, warn: () => undefined, info: () => undefined }
  const follower = new SessionFollower({
    auth,
    clock,
    account: 'primary',
    log: silent,
    onRenewed: () => (count += 1),
  })
  return { clock, auth, follower, renewals: () => count }
}

describe('following the broker session', () => {
  it('asks until there is one, ever slower, and then takes it', async () => {
    const { clock, auth, follower, renewals } = following()
    follower.ask()
    await clock.advance(3_600)
    expect(auth.asked).toHaveLength(4)
    expect(follower.epoch).toBeUndefined()
    auth.answer = session(1)
    await clock.advance(10_000)
    expect(follower.token()).toMatchObject({ token: 'token-1', epoch: 1 })
    expect(follower.ownCodes).toEqual(['ABC1234A02', 'ABC1234'])
    expect(renewals()).toBe(1)
    await follower.close()
  })

  it('takes a renewed session by its event, and tells once', async () => {
    const { clock, auth, follower, renewals } = following()
    auth.answer = session(1)
    follower.ask()
    await clock.advance(0)
    auth.answer = session(2)
    follower.renewed(renewed(2, 'market'))
    await clock.advance(0)
    expect(follower.epoch).toBe(1)
    follower.renewed(renewed(2))
    follower.renewed(renewed(2))
    await clock.advance(0)
    expect(follower.epoch).toBe(2)
    expect(renewals()).toBe(2)
    await follower.close()
  })

  it('finds a renewed session within half a minute when its event was missed', async () => {
    const { clock, auth, follower } = following()
    auth.answer = session(1)
    follower.ask()
    await clock.advance(0)
    auth.answer = session(2)
    await clock.advance(30_000)
    expect(follower.epoch).toBe(2)
    await follower.close()
  })

  it('drops a token the broker refused, reports it once, and never takes it back', async () => {
    const { clock, auth, follower } = following()
    auth.answer = session(1)
    follower.ask()
    await clock.advance(0)
    follower.reportInvalid(1, 'Invalid Token')
    follower.reportInvalid(1, 'Invalid Token')
    expect(follower.token()).toBeUndefined()
    await clock.advance(60_000)
    expect(follower.token()).toBeUndefined()
    expect(auth.reports).toEqual([
      { account: 'primary', api: 'interactive', epoch: 1, brokerDescription: 'Invalid Token' },
    ])
    auth.answer = session(2)
    await clock.advance(60_000)
    expect(follower.epoch).toBe(2)
    await follower.close()
  })

  it('keeps the newer token when the refusal was of an older one', async () => {
    const { clock, auth, follower } = following()
    auth.answer = session(2)
    follower.ask()
    await clock.advance(0)
    follower.reportInvalid(1, 'Invalid Token')
    expect(follower.epoch).toBe(2)
    await follower.close()
  })

  it('learns what the login calls itself in its rows', () => {
    const { follower } = following()
    follower.learnOwnCode('PROABC')
    follower.learnOwnCode('')
    expect(follower.ownCodes).toEqual(['PROABC'])
  })
})
