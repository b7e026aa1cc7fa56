import type { CallOutcome, XtsLogin } from '@xts-bridge/xts'
import { DAY_MS, errorWithCode, House, HOUR_MS, place, refusal, remembered } from './testing/keeper-house'

describe('SessionKeeper at start', () => {
  it('logs in when nothing is known, writes the session down and says so', async () => {
    const house = await new House().start()
    expect(house.logins).toBe(1)
    expect(house.keeper.session()).toMatchObject({ ...place, token: 'token-1', epoch: 1 })
    expect(house.saved).toEqual([house.keeper.session()])
    expect(house.topics).toEqual(['session.renewed'])
    expect(house.keeper.state()).toMatchObject({ state: 'live', epoch: 1, userId: 'ABC1234A02' })
  })

  it('takes up a token that still lives without a second login', async () => {
    const house = new House()
    house.remembered = remembered(house, 10 * HOUR_MS)
    await house.start()
    expect(house.logins).toBe(0)
    expect(house.keeper.session()).toMatchObject({ token: 'token-from-before', epoch: 4 })
    expect(house.topics).toEqual(['session.renewed'])
  })

  it.each([0, -HOUR_MS])(
    'logs in when the stored token ended %d ms ago, under the next epoch',
    async (lifeMs) => {
      const house = new House()
      house.remembered = remembered(house, lifeMs)
      await house.start()
      expect(house.logins).toBe(1)
      expect(house.keeper.session().epoch).toBe(5)
    },
  )

  it('logs in when the stored token cannot be decrypted, and never uses its epoch again', async () => {
    const house = new House()
    house.remembered = { lastEpoch: 9, isUnreadable: true }
    await house.start()
    expect(house.keeper.session().epoch).toBe(10)
    expect(house.logged.join()).toContain('stored token is not of this login')
  })

  it('does not serve a token before it is written down', async () => {
    const house = new House()
    let written = (): void => undefined
    house.saving = new Promise((resolve) => (written = resolve))
    await house.start()
    expect(() => house.keeper.session()).toThrow(errorWithCode('SESSION_UNAVAILABLE'))
    expect(house.events).toEqual([])
    written()
    await house.clock.advance(0)
    expect(house.keeper.session().token).toBe('token-1')
  })

  it('serves a token that cannot be written down, and says so', async () => {
    const house = new House()
    house.saveError = new Error('disk is full')
    await house.start()
    expect(house.keeper.session().token).toBe('token-1')
    expect(house.keeper.state().problem).toContain('could not be written')
    expect(house.logged.join()).toContain('session not written')
  })
})

describe('SessionKeeper renewing', () => {
  it('renews one hour before the token ends, not earlier, and serves the old one meanwhile', async () => {
    const house = await new House().start()
    await house.clock.advance(DAY_MS - HOUR_MS - 1)
    expect(house.logins).toBe(1)
    let answer = (_: CallOutcome<XtsLogin>): void => undefined
    house.answers = [new Promise((resolve) => (answer = resolve))]
    await house.clock.advance(1)
    expect(house.logins).toBe(2)
    expect(house.keeper.session().token).toBe('token-1')
    answer(house.loginOk())
    await house.clock.advance(0)
    expect(house.keeper.session()).toMatchObject({ token: 'token-2', epoch: 2 })
    expect(house.topics).toEqual(['session.renewed', 'session.renewed'])
  })

  it('keeps a token that could not be renewed until it ends, then says that it is lost', async () => {
    const house = await new House().start()
    house.answers = Array.from({ length: 200 }, () => refusal)
    await house.clock.advance(DAY_MS - 1)
    expect(house.keeper.session().token).toBe('token-1')
    expect(house.keeper.state()).toMatchObject({ state: 'live', problem: 'Entered invalid credentials' })
    await house.clock.advance(1)
    expect(() => house.keeper.session()).toThrow('refused the interactive login')
    expect(house.topics).toEqual(['session.renewed', 'session.lost'])
    expect(house.dropped).toEqual([1])
  })

  it.each([
    ['ended long ago by our clock', -DAY_MS],
    ['lives one second', 1_000],
  ])('logs in at most once a minute when each token %s', async (_, lifeMs) => {
    const house = new House()
    house.answers = Array.from({ length: 1_000 }, () => house.loginOk(lifeMs))
    await house.start()
    await house.clock.advance(10 * 60_000)
    expect(house.logins).toBeLessThanOrEqual(11)
    expect(house.logins).toBeGreaterThan(1)
  })

  it('does not take an expiry a century away for one that is due', async () => {
    const house = new House()
    house.answers = [house.loginOk(36_500 * DAY_MS)]
    await house.start()
    await house.clock.advance(DAY_MS - 1)
    expect(house.logins).toBe(1)
    house.answers = Array.from({ length: 5_000 }, () => refusal)
    await house.clock.advance(2 * DAY_MS)
    expect(house.keeper.session().epoch).toBe(1)
    expect(house.topics).toEqual(['session.renewed'])
  })
})

describe('SessionKeeper when the login fails', () => {
  it('waits 1, 2, 4, 8, 16, 32 and then 60 seconds between refused logins', async () => {
    const house = new House()
    house.answers = Array.from({ length: 9 }, () => refusal)
    await house.start()
    for (const [index, waitMs] of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000].entries()) {
      await house.clock.advance(waitMs - 1)
      expect(house.logins).toBe(index + 1)
      await house.clock.advance(1)
      expect(house.logins).toBe(index + 2)
    }
    await house.clock.advance(60_000)
    expect(house.keeper.state()).toMatchObject({ state: 'live', epoch: 1 })
  })

  it('starts the waits anew after a login that worked', async () => {
    const house = new House()
    house.answers = [refusal, refusal]
    await house.start()
    await house.clock.advance(3_000)
    expect(house.keeper.state().state).toBe('live')
    house.answers = [refusal]
    house.keeper.reportInvalid({ epoch: 1 })
    await house.clock.advance(0)
    expect(house.logins).toBe(4)
    await house.clock.advance(1_000)
    expect(house.logins).toBe(5)
  })

  it('tells who asks what the broker said, and that it was refused', async () => {
    const house = new House()
    house.answers = [refusal]
    await house.start()
    expect(() => house.keeper.session()).toThrow(errorWithCode('SESSION_LOGIN_REFUSED'))
    expect(house.keeper.state()).toMatchObject({ state: 'refused', problem: 'Entered invalid credentials' })
  })

  it.each<[string, CallOutcome<XtsLogin> | Error]>([
    ['not sent', { kind: 'not-sent', reason: 'connection refused', isSessionMissing: false }],
    ['lost', { kind: 'unknown', reason: 'timed out' }],
    ['broken inside', new Error('bug')],
  ])('goes on logging in when the login was %s', async (_, answer) => {
    const house = new House()
    house.answers = [answer]
    await house.start()
    expect(() => house.keeper.session()).toThrow(errorWithCode('SESSION_UNAVAILABLE'))
    expect(house.keeper.state().state).toBe('logging-in')
    await house.clock.advance(1_000)
    expect(house.keeper.state().state).toBe('live')
  })

  it.each<CallOutcome<XtsLogin>>([
    { ...refusal, brokerCode: 'e-apirl-0004', brokerDescription: 'whatever it says' },
    { ...refusal, brokerCode: '', brokerDescription: 'Max limit is reached' },
    { ...refusal, brokerCode: '', brokerDescription: 'Rate limit exceeded for user ABC' },
    { ...refusal, brokerCode: '', brokerDescription: 'HTTP 429' },
    { kind: 'unknown', reason: 'HTTP 503: Too many requests' },
  ])('waits a full minute after a rate limit instead of trying again soon: %j', async (answer) => {
    const house = new House()
    house.answers = [answer]
    await house.start()
    await house.clock.advance(59_999)
    expect(house.logins).toBe(1)
    await house.clock.advance(1)
    expect(house.logins).toBe(2)
  })
})

describe('SessionKeeper stopping', () => {
  it('logs in no more', async () => {
    const house = new House()
    house.answers = [refusal]
    await house.start()
    await house.keeper.stop()
    await house.clock.advance(DAY_MS)
    expect(house.logins).toBe(1)
  })

  it('writes down the token of a login that was under way, so that the next start needs none', async () => {
    const house = new House()
    let answer = (_: CallOutcome<XtsLogin>): void => undefined
    house.answers = [new Promise((resolve) => (answer = resolve))]
    await house.start()
    const stopped = house.keeper.stop()
    answer(house.loginOk())
    await stopped
    expect(house.saved).toHaveLength(1)
    await house.clock.advance(DAY_MS)
    expect(house.logins).toBe(1)
  })

  it('does not wait for ever for a login that hangs', async () => {
    const house = new House()
    house.answers = [new Promise(() => undefined)]
    await house.start()
    let isStopped = false
    void house.keeper.stop().then(() => (isStopped = true))
    await house.clock.advance(5_000)
    expect(isStopped).toBe(true)
  })

  it('keeps tokens out of events, states and logs', async () => {
    const house = await new House().start()
    house.keeper.reportInvalid({ epoch: 1 })
    await house.clock.advance(0)
    await house.keeper.stop()
    const seen = house.logged.join() + JSON.stringify(house.events) + JSON.stringify(house.keeper.state())
    expect(seen).not.toMatch(/token-\d/)
  })
})
