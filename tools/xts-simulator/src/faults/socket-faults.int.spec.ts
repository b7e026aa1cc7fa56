import io from 'socket.io-client'
import { eventually, FaultLab, proves as prove } from '../testing/fault-lab'
import type { FaultName } from './catalogue'

let lab: FaultLab
beforeAll(async () => {
  lab = await FaultLab.open(io)
})
beforeEach(() => lab.begin())
afterAll(() => lab.close())

const proves = (name: FaultName, run: () => Promise<void>): void => prove(() => lab, name, run)

describe('faults of sockets', () => {
  proves('all-sessions-dropped', async () => {
    const feed = await lab.feed()
    const socket = await lab.orderSocket()
    expect((await lab.arm('all-sessions-dropped')).affected).toBe(2)
    await Promise.all([socket.hears('disconnect'), feed.socket.hears('disconnect')])
    expect(await lab.client.call('GET', '/interactive/user/profile')).toMatchObject({ status: 200 })
    await lab.orderSocket()
  })

  proves('socket-flapping', async () => {
    await lab.arm('socket-flapping', { everyMs: 30 })
    for (let drops = 0; drops < 3; drops++) {
      const socket = lab.client.openSocket('/interactive/socket.io')
      await socket.hears('disconnect')
    }
    await lab.clear()
    await lab.orderSocket()
  })

  proves('socket-mute', async () => {
    const socket = await lab.orderSocket()
    await lab.arm('socket-mute')
    await lab.place()
    socket.ping()
    await socket.hears('pong')
    expect(socket.heard.map(({ name }) => name)).toEqual(['joined', 'pong'])
    await lab.clear()
    await lab.place()
    await socket.hears('trade')
  })

  proves('socket-half-open', async () => {
    const socket = await lab.orderSocket()
    const other = await lab.feed()
    await lab.arm('socket-half-open', { api: 'interactive' })
    socket.ping()
    other.socket.ping()
    await lab.place()
    await other.socket.hears('pong')
    await lab.place()
    expect(socket.heard.map(({ name }) => name)).toEqual(['joined'])
    await lab.clear()
    await socket.hears('disconnect')
    expect(other.socket.heard.map(({ name }) => name)).not.toContain('disconnect')
  })

  proves('socket-refused', async () => {
    await lab.arm('socket-refused', { count: 1 })
    const socket = lab.client.openSocket('/interactive/socket.io')
    await socket.hears('error')
    expect(socket.heard).toEqual([{ name: 'error', argument: 'Invalid Token' }])
    await lab.orderSocket()
  })

  proves('joined-missing', async () => {
    await lab.arm('joined-missing')
    const socket = lab.client.openSocket('/interactive/socket.io')
    const sessions = async (): Promise<string> => (await lab.control.call('GET', '/sessions')).text
    await eventually(async () => (await sessions()).includes('"sockets":1'))
    await lab.place()
    await socket.hears('trade')
    expect(socket.heard.map(({ name }) => name)).not.toContain('joined')
  })

  proves('disconnect-on-subscribe', async () => {
    const feed = await lab.feed()
    await lab.arm('disconnect-on-subscribe')
    expect(await feed.subscribe()).toMatchObject({ status: 200 })
    await feed.socket.hears('disconnect')
    expect(await feed.quotes()).toMatchObject({ status: 200 })
  })
})
