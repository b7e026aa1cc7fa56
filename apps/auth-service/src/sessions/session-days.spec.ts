import type { CallOutcome, XtsLogin } from '@xts-bridge/xts'
import { DAY_MS, errorWithCode, House, HOUR_MS, refusal, remembered } from './testing/keeper-house'

/** The house begins at 05:30:01 of the first of January 1970 in India. */
const EIGHT_O_CLOCK = 8 * 60
const UNTIL_EIGHT_MS = 2.5 * HOUR_MS - 1_000

describe('SessionKeeper over the days', () => {
  it('renews at 08:00 in India each day, whatever the token says of its end', async () => {
    const house = await new House({ renewAtMinutes: [EIGHT_O_CLOCK] }).start()
    await house.clock.advance(UNTIL_EIGHT_MS - 1)
    expect(house.logins).toBe(1)
    await house.clock.advance(1)
    expect(house.logins).toBe(2)
    expect(house.keeper.session()).toMatchObject({ token: 'token-2' })
    // The next day the token is an hour from its end at 07:00, before its day is over.
    await house.clock.advance(DAY_MS - HOUR_MS - 1)
    expect(house.logins).toBe(2)
    await house.clock.advance(1)
    expect(house.logins).toBe(3)
    await house.clock.advance(HOUR_MS)
    expect(house.logins).toBe(4)
    expect(house.topics).toEqual(Array.from({ length: 4 }, () => 'session.renewed'))
  })

  it('lives through ten days by itself, never without a session and with two logins a day at most', async () => {
    const house = await new House({ renewAtMinutes: [EIGHT_O_CLOCK] }).start()
    for (let hour = 0; hour < 240; hour += 1) {
      await house.clock.advance(HOUR_MS)
      expect(house.keeper.state().state).toBe('live')
    }
    expect(house.logins).toBeGreaterThanOrEqual(11)
    expect(house.logins).toBeLessThanOrEqual(21)
    expect(house.topics).not.toContain('session.lost')
  })

  it('renews a token of yesterday that is taken up after 08:00, and serves it meanwhile', async () => {
    const house = new House({ renewAtMinutes: [EIGHT_O_CLOCK] })
    await house.clock.advance(UNTIL_EIGHT_MS + 5 * 60_000)
    house.remembered = remembered(house, HOUR_MS)
    await house.start()
    expect(house.logins).toBe(0)
    expect(house.keeper.session().token).toBe('token-from-before')
    await house.clock.advance(60_000)
    expect(house.logins).toBe(1)
  })

  it('leaves a token of this morning alone that is taken up after 08:00', async () => {
    const house = new House({ renewAtMinutes: [EIGHT_O_CLOCK] })
    await house.clock.advance(UNTIL_EIGHT_MS + HOUR_MS)
    house.remembered = remembered(house, DAY_MS - 60_000)
    await house.start()
    await house.clock.advance(20 * HOUR_MS)
    expect(house.logins).toBe(0)
  })

  it('goes on trying when the broker refuses at 08:00, with the token of yesterday in force', async () => {
    const house = await new House({ renewAtMinutes: [EIGHT_O_CLOCK] }).start()
    house.answers = [refusal, refusal]
    await house.clock.advance(UNTIL_EIGHT_MS)
    expect(house.keeper.session().token).toBe('token-1')
    expect(house.keeper.state().problem).toBe('Entered invalid credentials')
    await house.clock.advance(3_000)
    expect(house.keeper.session().token).toBe('token-4')
    expect(house.logins).toBe(4)
  })
})

describe('SessionKeeper in front of a broker that answers with pages for an hour', () => {
  it('asks once a minute at most, and is back within a minute of the first good answer', async () => {
    const house = new House()
    const page = { kind: 'unknown', reason: 'HTTP 502: <html>Bad Gateway</html>' } as const
    const pages: CallOutcome<XtsLogin>[] = Array.from({ length: 1_000 }, () => page)
    house.answers = pages
    await house.start()
    await house.clock.advance(HOUR_MS)
    expect(house.logins).toBeLessThanOrEqual(66)
    expect(house.keeper.state()).toMatchObject({ state: 'logging-in', problem: page.reason })
    pages.length = 0
    await house.clock.advance(60_000)
    expect(house.keeper.state()).toMatchObject({ state: 'live', problem: undefined })
  })
})

describe('SessionKeeper taking up a session from before', () => {
  it('asks the broker whether it still takes the token', async () => {
    const house = new House()
    house.remembered = remembered(house, 10 * HOUR_MS)
    await house.start()
    expect(house.checked).toEqual(['token-from-before'])
    expect(house.logins).toBe(0)
  })

  it('logs in once when the broker takes it no more, and counts no kick', async () => {
    const house = new House()
    house.remembered = remembered(house, 10 * HOUR_MS)
    house.refusal = 'Invalid Token token-from-before'
    await house.start()
    expect(house.topics).toEqual(['session.renewed', 'session.lost', 'session.renewed'])
    expect(house.keeper.session()).toMatchObject({ token: 'token-1', epoch: 5 })
    expect(house.logged.join()).not.toContain('token-from-before')
    for (const epoch of [5, 6]) {
      house.keeper.reportInvalid({ epoch })
      await house.clock.advance(0)
    }
    expect(house.keeper.state().state).toBe('live')
  })

  it('begins above every epoch that could have been given when nothing is remembered', async () => {
    const house = new House()
    await house.clock.advance(1_800_000_000_000)
    await house.start()
    expect(house.keeper.session().epoch).toBe(1_800_000_001)
  })

  it('keeps the epoch of a token it takes up, and goes above the clock with the next', async () => {
    const house = new House()
    await house.clock.advance(1_800_000_000_000)
    house.remembered = remembered(house, 10 * HOUR_MS, 7)
    await house.start()
    expect(house.keeper.session().epoch).toBe(7)
    house.keeper.reportInvalid({ epoch: 7 })
    await house.clock.advance(0)
    expect(house.keeper.session().epoch).toBe(1_800_000_001)
    expect(house.dropped).toEqual([7])
  })
})

describe('SessionKeeper where a person must log in', () => {
  const handed = { kind: 'access-token', accessToken: 'from-the-browser' } as const

  it('sends nothing by itself, and says what it waits for', async () => {
    const house = await new House({ isPersonNeeded: true }).start()
    await house.clock.advance(DAY_MS)
    expect(house.logins).toBe(0)
    expect(house.keeper.state()).toMatchObject({
      state: 'login-needed',
      problem: expect.stringContaining('/broker/login'),
    })
    expect(() => house.keeper.session()).toThrow(errorWithCode('SESSION_UNAVAILABLE'))
  })

  it('logs in once with what is handed over', async () => {
    const house = await new House({ isPersonNeeded: true }).start()
    await house.keeper.handOver(handed)
    expect(house.handed).toEqual([handed])
    expect(house.keeper.state()).toMatchObject({ state: 'live', problem: undefined })
  })

  it('says who refused it and waits for the next, without trying the same again', async () => {
    const house = await new House({ isPersonNeeded: true }).start()
    house.answers = [refusal]
    await expect(house.keeper.handOver(handed)).rejects.toMatchObject({ code: 'SESSION_LOGIN_REFUSED' })
    await house.clock.advance(DAY_MS)
    expect(house.logins).toBe(1)
    await house.keeper.handOver(handed)
    expect(house.keeper.state().state).toBe('live')
  })

  it('takes each of two hand-overs in turn', async () => {
    const house = await new House({ isPersonNeeded: true }).start()
    const second = { kind: 'access-token', accessToken: 'another' } as const
    await Promise.all([house.keeper.handOver(handed), house.keeper.handOver(second)])
    expect(house.handed).toEqual([handed, second])
    expect(house.keeper.session().epoch).toBe(2)
  })

  it('keeps a live token to its end when nobody comes to renew it', async () => {
    const house = await new House({ isPersonNeeded: true, renewAtMinutes: [EIGHT_O_CLOCK] }).start()
    await house.keeper.handOver(handed)
    await house.clock.advance(DAY_MS - 1)
    expect(house.keeper.state()).toMatchObject({ state: 'live', problem: expect.stringContaining('person') })
    await house.clock.advance(1)
    expect(house.keeper.state().state).toBe('login-needed')
    expect(house.logins).toBe(1)
  })

  it('does not take a live session from a broker that needs nobody when a hand-over is refused', async () => {
    const house = await new House().start()
    house.answers = [refusal]
    await expect(house.keeper.handOver(handed)).rejects.toMatchObject({ code: 'SESSION_LOGIN_REFUSED' })
    await house.clock.advance(HOUR_MS)
    expect(house.logins).toBe(2)
    expect(house.keeper.session().epoch).toBe(1)
  })
})

describe('SessionKeeper told to go on', () => {
  const contested = async (): Promise<House> => {
    const house = await new House().start()
    for (const epoch of [1, 2, 3]) {
      house.keeper.reportInvalid({ epoch })
      await house.clock.advance(0)
    }
    expect(house.keeper.state().state).toBe('contested')
    return house
  }

  it('logs in once after a contest, and counts kicks from the beginning', async () => {
    const house = await contested()
    house.keeper.resume()
    await house.clock.advance(0)
    expect(house.keeper.state()).toMatchObject({ state: 'live', epoch: 4, problem: undefined })
    for (const epoch of [4, 5]) {
      house.keeper.reportInvalid({ epoch })
      await house.clock.advance(0)
    }
    expect(house.keeper.state().state).toBe('live')
    house.keeper.reportInvalid({ epoch: 6 })
    expect(house.keeper.state().state).toBe('contested')
  })

  it('makes one login for many who say so at once', async () => {
    const house = await contested()
    let answer = (_: CallOutcome<XtsLogin>): void => undefined
    house.answers = [new Promise((resolve) => (answer = resolve))]
    for (let i = 0; i < 10; i += 1) house.keeper.resume({ renew: true })
    answer(house.loginOk())
    await house.clock.advance(0)
    expect(house.logins).toBe(4)
  })

  it('does not wait for the next attempt after a refusal', async () => {
    const house = new House()
    house.answers = Array.from({ length: 6 }, () => refusal)
    await house.start()
    await house.clock.advance(31_000)
    expect(house.logins).toBe(6)
    house.keeper.resume()
    await house.clock.advance(0)
    expect(house.keeper.state().state).toBe('live')
    await house.clock.advance(HOUR_MS)
    expect(house.logins).toBe(7)
  })

  it('leaves a live session alone unless it is told to renew it', async () => {
    const house = await new House().start()
    house.keeper.resume()
    await house.clock.advance(0)
    expect(house.logins).toBe(1)
    house.keeper.resume({ renew: true })
    await house.clock.advance(0)
    expect(house.keeper.session()).toMatchObject({ token: 'token-2', epoch: 2 })
  })
})
