import { EventPublisher } from '@xts-bridge/bus'
import type { BrokerSession, Clock, Subject } from '@xts-bridge/contracts'
import { SessionFollower } from './session-follower'

const clock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function publisher(epoch: string, endpoint = 'tcp://127.0.0.1:*') {
  const events = new EventPublisher({ endpoint, endpointSetting: 'AUTH_EVENTS_ENDPOINT', clock, epoch })
  closers.push(() => events.close())
  return { events, endpoint: await events.bind() }
}

/** A started follower that has the session of epoch 1 and met the publisher, and the epoch auth-service answers with. */
async function following(eventsEndpoint: string) {
  const auth = {
    epoch: 1,
    asked: 0,
    async request<T>(_: Subject, data: unknown): Promise<T> {
      auth.asked += 1
      const session: BrokerSession = {
        ...(data as Pick<BrokerSession, 'account' | 'api'>),
        ...{ token: `token-${auth.epoch}`, userId: 'U1', clientCodes: [], isInvestorClient: false },
        ...{ epoch: auth.epoch, expiresAtMs: 0 },
      }
      return session as T
    },
  }
  const follower = new SessionFollower({
    ...{ auth, eventsEndpoint, clock, account: 'primary', api: 'interactive' },
    onRenewed: () => undefined,
  })
  closers.push(() => follower.close())
  follower.start()
  await until(() => follower.epoch === 1)
  return { auth, follower }
}

/** Well below the poll, so that only an event can make it come true. */
async function until(holds: () => boolean): Promise<void> {
  const giveUpAtMs = Date.now() + 10_000
  while (!holds()) {
    if (Date.now() > giveUpAtMs) throw new Error('the condition did not come true')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

describe('following the session by auth-service’s events', () => {
  it('asks for the session that an event tells of', async () => {
    const { events, endpoint } = await publisher('epoch1')
    const { auth, follower } = await following(endpoint)
    await until(() => auth.asked >= 2)
    auth.epoch = 2
    events.publish('session.renewed', { account: 'primary', api: 'interactive', state: 'live', epoch: 2 })
    await until(() => follower.epoch === 2)
  })

  it('asks anew when events are missing', async () => {
    const { events, endpoint } = await publisher('epoch1')
    const { auth, follower } = await following(endpoint)
    await until(() => auth.asked >= 2)
    auth.epoch = 2
    events.publish('key.revoked', { keyId: 'K1' }, events.lastSeq + 5)
    await until(() => follower.epoch === 2)
  })

  it('asks anew when auth-service was restarted', async () => {
    const first = await publisher('epoch1')
    const { auth, follower } = await following(first.endpoint)
    await until(() => auth.asked >= 2)
    await first.events.close()
    auth.epoch = 2
    await publisher('epoch2', first.endpoint)
    await until(() => follower.epoch === 2)
  })
})
