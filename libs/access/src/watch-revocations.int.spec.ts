import { EventPublisher } from '@xts-bridge/bus'
import type { Caller, Clock } from '@xts-bridge/contracts'
import { AccessDoor } from './access-door'
import { KeyCheck } from './key-check'
import { watchRevocations } from './watch-revocations'

const clock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}
const strategy: Caller = {
  keyId: 'K1',
  name: 'strategy',
  kind: 'user',
  scopes: ['order.read'],
  accounts: ['primary'],
  clientIDs: ['*'],
}

let closers: (() => Promise<unknown>)[]
beforeEach(() => (closers = []))
afterEach(async () => {
  for (const close of closers.reverse()) await close()
})

async function publisher(
  epoch: string,
  endpoint = 'tcp://127.0.0.1:*',
): Promise<{ events: EventPublisher; endpoint: string }> {
  const events = new EventPublisher({ endpoint, endpointSetting: 'AUTH_EVENTS_ENDPOINT', clock, epoch })
  closers.push(() => events.close())
  return { events, endpoint: await events.bind() }
}

/** A key check whose authority counts how often it was asked. */
function counting(): { keys: KeyCheck; asked: () => number; known: Map<string, Caller> } {
  let asked = 0
  const known = new Map([['K1', strategy]])
  const request = async <T>(): Promise<T> => {
    asked += 1
    return { caller: known.get('K1') } as T
  }
  return { keys: new KeyCheck({ auth: { request }, clock }), asked: () => asked, known }
}

/** Waits until the watch has met the publisher, which makes every key be asked about anew. */
async function met(keys: KeyCheck, asked: () => number): Promise<void> {
  await keys.verify('key')
  await until(async () => {
    await keys.verify('key')
    return asked() >= 2
  })
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAtMs = Date.now() + 10_000
  while (!(await holds())) {
    if (Date.now() > giveUpAtMs) throw new Error('the condition did not come true')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const isRefused = (keys: KeyCheck): Promise<boolean> =>
  keys.verify('key').then(
    () => false,
    () => true,
  )

describe('watchRevocations', () => {
  it('lets a revoked key die by the event, long before its cache entry', async () => {
    const { events, endpoint } = await publisher('epoch1')
    const { keys, asked, known } = counting()
    closers.push(watchRevocations({ keys, eventsEndpoint: endpoint, clock }).close)
    await met(keys, asked)
    known.clear()
    expect(await isRefused(keys)).toBe(false)
    events.publish('key.revoked', { keyId: 'K1' })
    await until(() => isRefused(keys))
  })

  it('keeps a key when another one is revoked or a session is renewed', async () => {
    const { events, endpoint } = await publisher('epoch1')
    const { keys, asked, known } = counting()
    closers.push(watchRevocations({ keys, eventsEndpoint: endpoint, clock }).close)
    await met(keys, asked)
    const askedBefore = asked()
    events.publish('key.revoked', { keyId: 'K2' })
    events.publish('session.renewed', { account: 'primary' })
    events.publish('key.revoked', { keyId: 'K3' })
    known.clear()
    // The event of our own key comes after the three others, so once it is seen they were.
    const forgotten = jest.spyOn(keys, 'forget')
    events.publish('key.revoked', { keyId: 'K4' })
    await until(() => forgotten.mock.calls.flat().includes('K4'))
    expect(await isRefused(keys)).toBe(false)
    expect(asked()).toBe(askedBefore)
  })

  it.each([
    [
      'an event of key.revoked cannot be read',
      (events: EventPublisher) => events.publish('key.revoked', { key: 1 }),
    ],
    [
      'events are missing',
      (events: EventPublisher) => events.publish('session.lost', {}, events.lastSeq + 5),
    ],
  ])('asks about every key anew when %s', async (_, happen) => {
    const { events, endpoint } = await publisher('epoch1')
    const { keys, asked, known } = counting()
    closers.push(watchRevocations({ keys, eventsEndpoint: endpoint, clock }).close)
    await met(keys, asked)
    known.clear()
    happen(events)
    await until(() => isRefused(keys))
  })

  it('asks about every key anew when auth-service was restarted', async () => {
    const first = await publisher('epoch1')
    const { keys, asked, known } = counting()
    closers.push(watchRevocations({ keys, eventsEndpoint: first.endpoint, clock }).close)
    await met(keys, asked)
    known.clear()
    await first.events.close()
    await publisher('epoch2', first.endpoint)
    await until(() => isRefused(keys))
  })
})

describe('AccessDoor', () => {
  it('lets in who may, for the default account', async () => {
    const { keys } = counting()
    const door = new AccessDoor({ keys, defaultAccount: 'primary' })
    expect(await door.admit({ subject: 'order.status', apiKey: 'key', data: {} })).toEqual(strategy)
  })

  it.each([
    [{ subject: 'order.status', apiKey: undefined, data: {} }, 'KEY_MISSING'],
    [{ subject: 'order.place', apiKey: 'key', data: {} }, 'SCOPE_MISSING'],
    [{ subject: 'order.status', apiKey: 'key', data: { account: 'second' } }, 'ACCOUNT_NOT_ALLOWED'],
  ] as const)('refuses %j with %s', async (request, code) => {
    const door = new AccessDoor({ keys: counting().keys, defaultAccount: 'primary' })
    await expect(door.admit(request)).rejects.toMatchObject({ code })
  })

  it('refuses a request without account when nobody said which it means', async () => {
    const door = new AccessDoor({ keys: counting().keys })
    await expect(door.admit({ subject: 'order.status', apiKey: 'key', data: {} })).rejects.toMatchObject({
      code: 'ACCOUNT_NOT_ALLOWED',
    })
  })
})
