import {
  AppError,
  ManualClock,
  type BrokerSession,
  type SessionState,
  type Subject,
} from '@xts-bridge/contracts'
import { SessionFollower } from './session-follower'

const sessionOf = (epoch: number): BrokerSession => ({
  account: 'primary',
  api: 'market',
  token: `token-${epoch}`,
  userId: 'ABC1234A02',
  clientCodes: ['ABC1234'],
  isInvestorClient: false,
  epoch,
  expiresAtMs: 0,
})
const renewal = (epoch: number, changes: Partial<SessionState> = {}) => ({
  topic: 'session.renewed',
  data: { account: 'primary', api: 'market', state: 'live', epoch, ...changes },
})

/** A follower, and an auth-service that has the session of `auth.epoch`, or none. */
function desk() {
  const clock = new ManualClock()
  const asked: string[] = []
  const reports: unknown[] = []
  const renewals: number[] = []
  const refusals: number[] = []
  const problems: unknown[] = []
  const auth = {
    epoch: undefined as number | undefined,
    unreachable: [] as Subject[],
    /** Runs while a question is under way. */
    meanwhile: () => undefined as void,
    async request<T>(subject: Subject, data: unknown): Promise<T> {
      asked.push(subject)
      const { epoch } = auth
      auth.meanwhile()
      if (auth.unreachable.includes(subject)) throw new AppError('REPLY_LOST', { subject, waitedMs: 1 })
      if (subject === 'session.report-invalid') {
        reports.push(data)
        return null as T
      }
      expect(data).toEqual({ account: 'primary', api: 'market' })
      if (epoch === undefined)
        throw new AppError('SESSION_UNAVAILABLE', { api: 'market', account: 'primary' })
      return sessionOf(epoch) as T
    },
  }
  const follower = new SessionFollower({
    auth,
    eventsEndpoint: 'tcp://127.0.0.1:9',
    clock,
    account: 'primary',
    api: 'market',
    onRenewed: ({ epoch }) => renewals.push(epoch),
    onRefused: ({ epoch }) => refusals.push(epoch),
    onProblem: (message, fields) => problems.push([message, fields]),
  })
  /** Has the session of this epoch in force. */
  const inForce = async (epoch: number): Promise<void> => {
    auth.epoch = epoch
    follower.ask()
    await clock.advance(0)
    expect(follower.epoch).toBe(epoch)
  }
  return { clock, asked, reports, renewals, refusals, problems, auth, follower, inForce }
}

describe('following the broker session', () => {
  it('takes the session that is there, and tells once', async () => {
    const { clock, renewals, follower, inForce } = desk()
    await inForce(3)
    expect(follower.token()).toEqual(sessionOf(3))
    follower.ask()
    await clock.advance(0)
    expect(renewals).toEqual([3])
  })

  it('asks until there is one, each time later, and says why there is none', async () => {
    const { clock, asked, problems, auth, follower } = desk()
    follower.ask()
    await clock.advance(3_600)
    expect(asked).toHaveLength(4)
    expect(follower.token()).toBeUndefined()
    expect(problems[0]).toMatchObject([
      'broker session not available',
      { account: 'primary', api: 'market', code: 'SESSION_UNAVAILABLE' },
    ])
    auth.epoch = 1
    await clock.advance(10_000)
    expect(follower.token()?.token).toBe('token-1')
  })

  it('takes a renewed session by its event', async () => {
    const { clock, auth, renewals, follower, inForce } = desk()
    await inForce(1)
    auth.epoch = 2
    follower.eventSeen(renewal(2))
    follower.eventSeen(renewal(2))
    await clock.advance(0)
    expect(follower.epoch).toBe(2)
    expect(renewals).toEqual([1, 2])
  })

  it('asks once more when a session was renewed while it was asking', async () => {
    const { clock, auth, follower, inForce } = desk()
    await inForce(1)
    auth.meanwhile = () => {
      auth.meanwhile = () => undefined
      auth.epoch = 2
      follower.eventSeen(renewal(2))
    }
    follower.ask()
    await clock.advance(0)
    expect(follower.epoch).toBe(2)
  })

  it('asks one question at a time, and one more for all that came meanwhile', async () => {
    const { clock, asked, follower } = desk()
    for (let times = 0; times < 5; times += 1) follower.ask()
    await clock.advance(0)
    expect(asked).toHaveLength(2)
  })

  it.each([
    ['of the other API', renewal(9, { api: 'interactive' })],
    ['of another account', renewal(9, { account: 'other' })],
    ['it has already', renewal(1)],
    ['older than its own', renewal(0)],
    ['that is none', { ...renewal(9), topic: 'session.lost' }],
  ])('does not ask for a renewal %s', async (_, event) => {
    const { clock, asked, follower, inForce } = desk()
    await inForce(1)
    follower.eventSeen(event)
    await clock.advance(0)
    expect(asked).toEqual(['session.get'])
  })

  it('finds a renewed session within half a minute when its event was missed', async () => {
    const { clock, auth, follower, inForce } = desk()
    await inForce(1)
    auth.epoch = 2
    await clock.advance(30_000)
    expect(follower.epoch).toBe(2)
  })

  it('keeps its session, without complaint, while auth-service is away', async () => {
    const { clock, asked, problems, auth, follower, inForce } = desk()
    await inForce(1)
    auth.unreachable = ['session.get']
    await clock.advance(90_000)
    expect(asked).toHaveLength(4)
    expect(follower.epoch).toBe(1)
    expect(problems).toEqual([])
  })

  it('asks nobody once it is closed, and takes no late answer', async () => {
    const { clock, asked, renewals, auth, follower } = desk()
    auth.epoch = 1
    auth.meanwhile = () => void follower.close()
    follower.ask()
    await clock.advance(100_000)
    expect(asked).toHaveLength(1)
    expect(renewals).toEqual([])
  })
})

describe('a session that the broker refuses', () => {
  it('is given up, reported once, and never taken back', async () => {
    const { clock, reports, renewals, refusals, auth, follower, inForce } = desk()
    await inForce(1)
    follower.reportInvalid(1, 'Invalid Token')
    follower.reportInvalid(1, 'Invalid Token')
    expect(follower.token()).toBeUndefined()
    await clock.advance(60_000)
    expect(follower.token()).toBeUndefined()
    expect(refusals).toEqual([1])
    expect(reports).toEqual([
      { account: 'primary', api: 'market', epoch: 1, brokerDescription: 'Invalid Token' },
    ])
    auth.epoch = 2
    follower.eventSeen(renewal(2))
    await clock.advance(0)
    expect(renewals).toEqual([1, 2])
  })

  it('is the one in force when nobody said which', async () => {
    const { clock, reports, follower, inForce } = desk()
    await inForce(4)
    follower.reportInvalid(undefined, 'x'.repeat(900))
    await clock.advance(0)
    expect(reports).toMatchObject([{ epoch: 4, brokerDescription: 'x'.repeat(500) }])
  })

  it('is nothing to report when there was none', async () => {
    const { clock, asked, follower } = desk()
    follower.reportInvalid(undefined, 'Invalid Token')
    await clock.advance(1_000)
    expect(asked).toEqual([])
  })

  it('does not cost the newer token that is in force', async () => {
    const { clock, renewals, refusals, follower, inForce } = desk()
    await inForce(5)
    follower.reportInvalid(4, 'Invalid Token')
    expect(follower.epoch).toBe(5)
    await clock.advance(0)
    expect(renewals).toEqual([5])
    expect(refusals).toEqual([4])
  })

  it('is reported until auth-service has heard it, and then no more', async () => {
    const { clock, asked, reports, problems, auth, follower, inForce } = desk()
    await inForce(1)
    auth.unreachable = ['session.get', 'session.report-invalid']
    follower.reportInvalid(1, 'Invalid Token')
    await clock.advance(2_000)
    expect(reports).toEqual([])
    expect(problems[0]).toMatchObject(['refused session could not be reported', { code: 'REPLY_LOST' }])
    auth.unreachable = []
    await clock.advance(10_000)
    expect(reports).toHaveLength(1)
    asked.length = 0
    await clock.advance(60_000)
    expect(new Set(asked)).toEqual(new Set(['session.get']))
  })

  it('is reported soon, not at the next poll, although a newer one is in force', async () => {
    const { clock, reports, auth, follower, inForce } = desk()
    await inForce(2)
    auth.unreachable = ['session.report-invalid']
    follower.reportInvalid(1, 'Invalid Token')
    await clock.advance(0)
    auth.unreachable = []
    await clock.advance(1_000)
    expect(reports).toMatchObject([{ epoch: 1 }])
  })

  it('does not keep a newer one from being taken while the report cannot be made', async () => {
    const { clock, auth, follower, inForce } = desk()
    await inForce(1)
    auth.unreachable = ['session.report-invalid']
    auth.epoch = 2
    follower.reportInvalid(1, 'Invalid Token')
    await clock.advance(0)
    expect(follower.epoch).toBe(2)
  })
})
