import {
  AppError,
  ManualClock,
  type BrokerSession,
  type SessionState,
  type Subject,
} from '@xts-bridge/contracts'
import { MarketSession } from './market-session'

const sessionOf = (epoch: number): BrokerSession => ({
  account: 'primary',
  api: 'market',
  token: `token-${epoch}`,
  userId: 'U1',
  clientCodes: [],
  isInvestorClient: false,
  epoch,
  expiresAtMs: 0,
})
const renewal = (epoch: number, changes: Partial<SessionState> = {}): SessionState => ({
  account: 'primary',
  api: 'market',
  state: 'live',
  epoch,
  ...changes,
})

/** An auth-service that has the session of `auth.epoch`, or none. */
function desk() {
  const clock = new ManualClock()
  const asked: string[] = []
  const renewals: (number | undefined)[] = []
  const auth = {
    epoch: undefined as number | undefined,
    isReachable: true,
    request<T>(subject: Subject, data: unknown): Promise<T> {
      const { epoch } = data as { epoch?: number }
      asked.push(epoch === undefined ? subject : `${subject} ${epoch}`)
      if (!auth.isReachable) return Promise.reject(new AppError('REPLY_LOST', { subject, waitedMs: 1 }))
      if (subject === 'session.report-invalid') return Promise.resolve(null as T)
      if (auth.epoch === undefined) return Promise.reject(new AppError('SESSION_UNAVAILABLE'))
      return Promise.resolve(sessionOf(auth.epoch) as T)
    },
  }
  const session = new MarketSession({
    auth,
    clock,
    account: 'primary',
    onRenewed: () => renewals.push(session.token()?.epoch),
    onProblem: () => undefined,
  })
  return { clock, asked, renewals, auth, session }
}

describe('MarketSession', () => {
  it('takes the session that is there', async () => {
    const { clock, auth, renewals, session } = desk()
    auth.epoch = 3
    session.start()
    await clock.advance(0)
    expect(session.token()?.token).toBe('token-3')
    expect(renewals).toEqual([3])
  })

  it('keeps asking, each time later, while there is none', async () => {
    const { clock, asked, auth, session } = desk()
    session.start()
    await clock.advance(0)
    expect(session.token()).toBeUndefined()
    await clock.advance(3_500)
    expect(asked).toHaveLength(4)
    auth.epoch = 1
    await clock.advance(10_000)
    expect(session.isLive).toBe(true)
    const count = asked.length
    await clock.advance(100_000)
    expect(asked).toHaveLength(count)
  })

  it('fetches at once when its session was renewed', async () => {
    const { clock, auth, renewals, session } = desk()
    auth.epoch = 1
    session.start()
    await clock.advance(0)
    auth.epoch = 2
    session.renewed(renewal(2))
    await clock.advance(0)
    expect(session.token()?.epoch).toBe(2)
    expect(renewals).toEqual([1, 2])
  })

  it.each([
    ['of the other API', renewal(9, { api: 'interactive' })],
    ['of another account', renewal(9, { account: 'other' })],
    ['it has already', renewal(1)],
    ['older than its own', renewal(0)],
  ])('does not ask for a renewal %s', async (_, state) => {
    const { clock, asked, auth, session } = desk()
    auth.epoch = 1
    session.start()
    await clock.advance(0)
    session.renewed(state)
    await clock.advance(0)
    expect(asked).toEqual(['session.get'])
  })

  it('gives up a refused token, reports it once, and takes only a newer one', async () => {
    const { clock, asked, auth, renewals, session } = desk()
    auth.epoch = 1
    session.start()
    await clock.advance(0)
    expect(session.reportInvalid(1, 'Invalid Token')).toBe(true)
    expect(session.reportInvalid(1, 'Invalid Token')).toBe(false)
    expect(session.token()).toBeUndefined()
    await clock.advance(5_000)
    expect(session.token()).toBeUndefined()
    expect(asked.filter((line) => line.startsWith('session.report-invalid'))).toEqual([
      'session.report-invalid 1',
    ])
    auth.epoch = 2
    session.renewed(renewal(2))
    await clock.advance(0)
    expect(session.token()?.epoch).toBe(2)
    expect(renewals).toEqual([1, 2])
  })

  it('does not give up its token because an older one was refused', async () => {
    const { clock, auth, session } = desk()
    auth.epoch = 5
    session.start()
    await clock.advance(0)
    expect(session.reportInvalid(4, 'Invalid Token')).toBe(true)
    expect(session.token()?.epoch).toBe(5)
    await clock.advance(0)
    expect(session.token()?.epoch).toBe(5)
  })

  it('reports a refused token again until auth-service has heard it', async () => {
    const { clock, asked, auth, session } = desk()
    auth.epoch = 1
    session.start()
    await clock.advance(0)
    auth.isReachable = false
    session.reportInvalid(1, 'Invalid Token')
    await clock.advance(2_000)
    auth.isReachable = true
    asked.length = 0
    await clock.advance(10_000)
    expect(asked[0]).toBe('session.report-invalid 1')
    expect(asked.slice(1).filter((line) => line !== 'session.get')).toEqual([])
  })

  it('asks nobody once it is closed', async () => {
    const { clock, asked, session } = desk()
    session.start()
    await clock.advance(0)
    session.close()
    await clock.advance(100_000)
    expect(asked).toHaveLength(1)
  })
})
