import type { CallOutcome, XtsLogin } from '@xts-bridge/xts'
import { DAY_MS, errorWithCode, House, HOUR_MS, refusal } from './testing/keeper-house'

describe('SessionKeeper when a token is reported dead', () => {
  it('logs in once for fifty reports of the same token', async () => {
    const house = await new House().start()
    for (let i = 0; i < 25; i += 1)
      house.keeper.reportInvalid({ epoch: 1, brokerDescription: 'Invalid Token' })
    expect(() => house.keeper.session()).toThrow('no live interactive session')
    await house.clock.advance(0)
    for (let i = 0; i < 25; i += 1)
      house.keeper.reportInvalid({ epoch: 1, brokerDescription: 'Invalid Token' })
    await house.clock.advance(60_000)
    expect(house.logins).toBe(2)
    expect(house.keeper.session()).toMatchObject({ token: 'token-2', epoch: 2 })
    expect(house.topics).toEqual(['session.renewed', 'session.lost', 'session.renewed'])
    expect(house.dropped).toEqual([1])
    expect(house.reports.filter((outcome) => outcome === 'login')).toHaveLength(1)
  })

  it.each([0, 2, 99])('ignores a report of epoch %d while epoch 1 is in force', async (epoch) => {
    const house = await new House().start()
    house.keeper.reportInvalid({ epoch, brokerDescription: 'Invalid Token' })
    await house.clock.advance(60_000)
    expect(house.logins).toBe(1)
    expect(house.keeper.state().state).toBe('live')
    expect(house.reports).toEqual(['ignored'])
  })

  it.each([
    'e-apirl-0004',
    'Max limit of requests',
    'Rate limit exceeded for user ABC1234',
    'Too many requests',
  ])('does not log in because of a rate limit: %j', async (brokerDescription) => {
    const house = await new House().start()
    house.keeper.reportInvalid({ epoch: 1, brokerDescription })
    await house.clock.advance(60_000)
    expect(house.logins).toBe(1)
    expect(house.keeper.session().epoch).toBe(1)
  })

  it('does not count the kick that its own renewal causes', async () => {
    const house = await new House().start()
    let answer = (_: CallOutcome<XtsLogin>): void => undefined
    house.answers = [new Promise((resolve) => (answer = resolve))]
    await house.clock.advance(DAY_MS - HOUR_MS)
    house.keeper.reportInvalid({ epoch: 1, brokerDescription: 'Invalid Token' })
    expect(house.reports).toEqual(['ignored'])
    answer(house.loginOk())
    await house.clock.advance(0)
    expect(house.logins).toBe(2)
    expect(house.keeper.session().epoch).toBe(2)
    expect(house.topics).toEqual(['session.renewed', 'session.renewed'])
  })

  it('keeps to its waits when the token dies while a renewal is being tried again', async () => {
    const house = await new House().start()
    house.answers = Array.from({ length: 5 }, () => refusal)
    await house.clock.advance(DAY_MS - HOUR_MS)
    await house.clock.advance(1_000 + 2_000 + 4_000)
    expect(house.logins).toBe(5)
    house.keeper.reportInvalid({ epoch: 1, brokerDescription: 'Invalid Token' })
    await house.clock.advance(0)
    expect(house.logins).toBe(5)
    expect(house.keeper.state().state).toBe('refused')
    await house.clock.advance(8_000)
    expect(house.logins).toBe(6)
  })

  it('stops logging in after three kicks within ten minutes, and says so', async () => {
    const house = await new House().start()
    for (const epoch of [1, 2, 3]) {
      await house.clock.advance(60_000)
      house.keeper.reportInvalid({ epoch, brokerDescription: 'Token/Authorization not found' })
    }
    await house.clock.advance(3 * DAY_MS)
    expect(house.logins).toBe(3)
    expect(house.keeper.state()).toMatchObject({ state: 'contested', epoch: 3 })
    expect(house.topics.slice(-2)).toEqual(['session.lost', 'session.contested'])
    expect(() => house.keeper.session()).toThrow(errorWithCode('SESSION_UNAVAILABLE'))
    expect(house.reports).toEqual(['login', 'login', 'contested'])
  })

  it('does not call three kicks contested when they take longer than ten minutes', async () => {
    const house = await new House().start()
    for (const epoch of [1, 2, 3, 4]) {
      await house.clock.advance(300_001)
      house.keeper.reportInvalid({ epoch, brokerDescription: 'Invalid Token' })
    }
    await house.clock.advance(0)
    expect(house.keeper.state()).toMatchObject({ state: 'live', epoch: 5 })
  })

  it('never repeats a token that somebody put into a report', async () => {
    const house = await new House().start()
    house.keeper.reportInvalid({ epoch: 1, brokerDescription: 'refused: token-1' })
    await house.clock.advance(0)
    expect(house.logged.join()).toContain('refused: [redacted]')
    expect(house.logged.join() + JSON.stringify(house.events)).not.toContain('token-1')
  })
})
