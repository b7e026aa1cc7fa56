import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrokerSession } from '@xts-bridge/contracts'
import { AuthHouse, hexKey, LOCAL_KEY, SECRETS, SERVICE_KEYS, until } from './testing/auth-house'

/** A broker at its worst: it refuses each API's first login and quotes what it was sent, secret and all. */
class QuotingBroker {
  readonly bodies: string[] = []
  private readonly server: Server

  constructor() {
    this.server = createServer((request, response) => {
      let body = ''
      request.on('data', (part: Buffer) => (body += String(part)))
      request.on('end', () => {
        const isFirst = !this.bodies.includes(body)
        this.bodies.push(body)
        const { appKey = '', secretKey = '' } = JSON.parse(body) as Record<string, string>
        const answer = isFirst
          ? { type: 'error', code: 'e-login-0001', description: `bad keys ${appKey} and ${secretKey}` }
          : {
              type: 'success',
              code: 's-user-0001',
              description: 'Valid User.',
              result: loginOf(this.bodies.length),
            }
        response
          .writeHead(isFirst ? 400 : 200, { 'content-type': 'application/json' })
          .end(JSON.stringify(answer))
      })
    })
  }

  listen(): Promise<string> {
    return new Promise((resolve) => {
      this.server.listen(0, '127.0.0.1', () =>
        resolve(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}`),
      )
    })
  }

  close(): Promise<void> {
    this.server.closeAllConnections()
    return new Promise((resolve) => {
      this.server.close(() => resolve())
    })
  }
}

/** A token in the shape of the broker's, ending in a day. */
function loginOf(number: number): Record<string, unknown> {
  const claims = { exp: Math.floor(Date.now() / 1_000) + 86_400, number }
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const token = `${part({ alg: 'HS256' })}.${part(claims)}.signature${number}`
  return { token, userID: 'ABC1234A02', clientCodes: ['ABC1234'], isInvestorClient: false }
}

it('has no token, key or secret in what it logs, publishes and shows, even when the broker quotes them', async () => {
  const broker = new QuotingBroker()
  const house = new AuthHouse()
  try {
    await house.start({ XTS_BASE_URL: await broker.listen() }, {})
    await until(() => house.logged.split('login failed').length > 2)
    const get = (api: string): Promise<BrokerSession> =>
      house.ask('session.get', { account: 'primary', api }, SERVICE_KEYS.orders)
    await expect(get('market')).rejects.toThrow('bad keys [redacted] and [redacted]')
    await until(() =>
      Promise.all([get('interactive'), get('market')]).then(
        () => true,
        () => false,
      ),
    )
    await house.watchEvents()
    const { token, epoch } = await get('interactive')
    const report = { account: 'primary', api: 'interactive', epoch, brokerDescription: `refused ${token}` }
    await house.ask('session.report-invalid', report, SERVICE_KEYS.orders)
    await until(() => house.events.length >= 2)
    const newToken = (await get('interactive')).token
    const marketToken = (await get('market')).token
    const shown = (await house.health('/health/ready')).body + (await house.health('/metrics')).body
    await house.stop()

    // The broker did get the secrets, exactly as the settings have them.
    expect(broker.bodies.map((body) => (JSON.parse(body) as { secretKey: string }).secretKey)).toEqual(
      expect.arrayContaining([SECRETS.JAINAM_INTERACTIVE_API_SECRET, SECRETS.JAINAM_MARKET_API_SECRET]),
    )
    expect(house.logged).toContain('session obtained')
    expect(house.logged).toContain('refused [redacted]')
    const visible = house.logged + JSON.stringify(house.events) + shown
    const hidden = [token, newToken, marketToken, LOCAL_KEY, hexKey('a'), hexKey('b')]
    for (const secret of [...hidden, ...Object.values(SECRETS), ...Object.values(SERVICE_KEYS)])
      expect(visible.includes(secret)).toBe(false)
  } finally {
    await house.remove()
    await broker.close()
  }
})
