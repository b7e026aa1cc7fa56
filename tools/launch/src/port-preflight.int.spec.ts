import { createServer, type AddressInfo, type Server } from 'node:net'
import { portProblems } from './port-preflight'

describe('the port preflight', () => {
  let server: Server
  let port = 0
  beforeEach(async () => {
    server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })
  afterEach(() => {
    server.close()
  })

  const listener = (setting: string, ofPort = port): { setting: string; host: string; port: number } => ({
    setting,
    host: '127.0.0.1',
    port: ofPort,
  })

  it('finds nothing wrong with a port that is free again', async () => {
    await new Promise((resolve) => server.close(resolve))
    expect(await portProblems([listener('GATEWAY_PORT')])).toEqual([])
  })

  it('names a taken port and the setting that moves it', async () => {
    expect(await portProblems([listener('GATEWAY_PORT')])).toEqual([
      `port ${port} is in use by another program; change GATEWAY_PORT`,
    ])
  })

  it('names two settings that ask for one port', async () => {
    await new Promise((resolve) => server.close(resolve))
    expect(await portProblems([listener('GATEWAY_PORT'), listener('WS_PROXY_PORT')])).toContain(
      `port ${port} is asked for by both GATEWAY_PORT and WS_PROXY_PORT; change one`,
    )
  })

  it('says when an address is not one of this machine', async () => {
    const elsewhere = { setting: 'GATEWAY_PORT', host: '192.0.2.1', port }
    expect(await portProblems([elsewhere])).toEqual([
      `port ${port} on 192.0.2.1 cannot be listened on (EADDRNOTAVAIL); change GATEWAY_PORT`,
    ])
  })
})
