import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { BrokerSession } from '@xts-bridge/contracts'
/* eslint-disable @nx/enforce-module-boundaries -- tests may import every room, and apps and tools have no alias */
import { AuthHouse, LOCAL_KEY, SECRETS, SERVICE_KEYS } from '../../apps/auth-service/src/testing/auth-house'
import { runXb } from '../../tools/cli/src/xb'
import { startSimulator, type RunningSimulator } from '../../tools/xts-simulator/src/index'
/* eslint-enable @nx/enforce-module-boundaries */
import { until } from './simulated-broker'

let simulator: RunningSimulator
let house: AuthHouse
beforeAll(async () => {
  simulator = await startSimulator({
    interactiveKey: SECRETS.JAINAM_INTERACTIVE_API_KEY,
    interactiveSecret: SECRETS.JAINAM_INTERACTIVE_API_SECRET,
    marketKey: SECRETS.JAINAM_MARKET_API_KEY,
    marketSecret: SECRETS.JAINAM_MARKET_API_SECRET,
    port: 0,
    controlPort: 0,
    universe: 'small',
  })
})
afterAll(() => simulator.close())
beforeEach(async () => {
  house = new AuthHouse()
  await house.start({ XTS_BASE_URL: `http://127.0.0.1:${simulator.port}` }, {})
  await until(async () => (await xb('tokens')).code === 0)
})
afterEach(async () => {
  await fault('DELETE')
  await house.remove()
})

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

const xb = (...argv: string[]): Promise<Ran> => xbAt(house.running.bound.requests, argv)
async function xbAt(endpoint: string, argv: readonly string[], timeoutMs = 5_000): Promise<Ran> {
  const said = { out: '', err: '' }
  const code = await runXb(argv, {
    out: (text) => (said.out += text),
    err: (text) => (said.err += text),
    timeoutMs,
    environment: {
      ENV_FILE: '/dev/null',
      KEYS_DIR: house.keysFolder,
      AUTH_REQUESTS_ENDPOINT: endpoint,
    },
  })
  return { code, ...said }
}
async function fault(method: 'POST' | 'DELETE', body?: object): Promise<void> {
  await fetch(`http://127.0.0.1:${simulator.controlPort}/faults`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  })
}
const session = (api: string): Promise<BrokerSession> =>
  house.ask('session.get', { account: 'primary', api }, SERVICE_KEYS.orders)

describe('xb tokens', () => {
  it('shows state, user and expiry of both APIs, and no token', async () => {
    const { code, out, err } = await xb('tokens')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const { userId, token } = await session('interactive')
    for (const api of ['interactive', 'market'])
      expect(out).toMatch(
        new RegExp(`primary +${api} +live +${userId} +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d`),
      )
    expect(out).not.toContain(token)
  })

  it('prints the tokens only when told to', async () => {
    const { code, out } = await xb('tokens', '--show-token')
    expect(code).toBe(0)
    expect(out).toContain(`primary interactive ${(await session('interactive')).token}\n`)
    expect(out).toContain(`primary market ${(await session('market')).token}\n`)
  })

  it('logs in anew to both when told to, once', async () => {
    const before = [await session('interactive'), await session('market')]
    expect((await xb('tokens', '--login')).code).toBe(0)
    const after = [await session('interactive'), await session('market')]
    expect(after.map(({ epoch }) => epoch)).toEqual(before.map(({ epoch }) => epoch + 1))
  })

  it('says which session is not live and why, by text and exit code', async () => {
    await fault('POST', { name: 'login-refused-ip', call: 'market-login' })
    const { epoch } = await session('market')
    await house.ask('session.report-invalid', { account: 'primary', api: 'market', epoch }, SERVICE_KEYS.feed)
    const { code, out } = await xb('tokens', '--login')
    expect(code).toBe(2)
    expect(out).toMatch(/primary +market +refused +.*trusted IP/)
    expect(out).toMatch(/primary +interactive +live/)
    await fault('DELETE')
    expect((await xb('tokens', '--login')).code).toBe(0)
  })
})

describe('xb keys', () => {
  const wanted = [
    '--name',
    'desk',
    '--scopes',
    'order.read,market.read',
    '--accounts',
    'primary',
    '--clients',
    '*',
  ]

  it('makes a key whose text is shown once, lists it without, and revokes it', async () => {
    const made = await xb('keys', 'create', ...wanted)
    expect(made.code).toBe(0)
    const [, keyId = '', apiKey = ''] = /^keyId +(\S+)\napiKey +([0-9a-f]{64})\n/.exec(made.out) ?? []
    await expect(house.ask('session.status', {}, apiKey)).resolves.toHaveLength(2)
    const listed = await xb('keys', 'list')
    expect(listed.out).toMatch(new RegExp(`${keyId} +desk +valid +.* order.read,market.read +primary +\\*`))
    expect(listed.out).not.toContain(apiKey)
    expect(listed.out).not.toContain(LOCAL_KEY)
    expect(await xb('keys', 'revoke', keyId)).toMatchObject({ code: 0, out: expect.stringContaining('desk') })
    await expect(house.ask('session.status', {}, apiKey)).rejects.toMatchObject({ code: 'KEY_INVALID' })
    expect((await xb('keys', 'list')).out).toMatch(new RegExp(`${keyId} +desk +revoked \\d{4}-`))
  })

  it('says that a key does not exist', async () => {
    const { code, err } = await xb('keys', 'revoke', 'nobody')
    expect(code).toBe(1)
    expect(err).toBe('No apiKey with the keyId "nobody" is known to you. (KEY_NOT_FOUND)\n')
  })

  it.each([
    [
      'without a name',
      ['keys', 'create', '--scopes', 'admin', '--accounts', '*', '--clients', '*'],
      '--name is missing',
    ],
    [
      'without accounts',
      ['keys', 'create', ...wanted.slice(0, 4), '--clients', '*'],
      '--accounts is missing',
    ],
    [
      'with an unknown scope',
      ['keys', 'create', '--name', 'x', '--scopes', 'all'],
      'There is no scope "all"',
    ],
    [
      'with a scope of services',
      ['keys', 'create', '--name', 'x', '--scopes', 'session.read', '--accounts', '*', '--clients', '*'],
      'must not be a scope for services',
    ],
    ['with an option of another command', ['keys', 'list', '--login'], 'no option --login'],
    ['with an option there is not', ['tokens', '--force'], '--force'],
    ['without the key to revoke', ['keys', 'revoke'], 'no command "keys revoke" of this form'],
    ['with words too many', ['tokens', 'now'], 'no command "tokens now" of this form'],
    ['that does not exist', ['orders'], 'no command "orders" of this form'],
  ])('refuses a command %s, and names what is wrong', async (_, argv, words) => {
    const { code, out, err } = await xb(...argv)
    expect(code).toBe(64)
    expect(out).toBe('')
    expect(err).toContain(words)
  })
})

describe('xb', () => {
  it('helps, and counts a call without a command as wrong', async () => {
    expect(await xb('--help')).toMatchObject({ code: 0, out: expect.stringContaining('xb keys revoke') })
    expect(await xb()).toMatchObject({ code: 64, out: expect.stringContaining('xb tokens') })
  })

  it('says that the house is not up, and where it looked', async () => {
    const { code, out, err } = await xbAt('tcp://127.0.0.1:9', ['tokens', '--show-token'], 200)
    expect({ code, out }).toEqual({ code: 69, out: '' })
    expect(err).toMatch(
      /^The house is not up: no service answered at tcp:\/\/127\.0\.0\.1:9 within .* npm start\.\n$/,
    )
  })

  it('says that there is no key folder', async () => {
    rmSync(join(house.keysFolder, 'local-api.key'))
    const { code, err } = await xb('tokens')
    expect(code).toBe(78)
    expect(err).toContain('has no local-api.key; start the house once')
  })

  it('says that the key is another house’s', async () => {
    house.writeKey('local-api.key', 'f'.repeat(64))
    const { code, err } = await xb('tokens')
    expect(code).toBe(1)
    expect(err).toContain('Is it the key of another house')
  })

  it('refuses a key file that others can read', async () => {
    house.writeKey('local-api.key', LOCAL_KEY, 0o644)
    expect(await xb('tokens')).toMatchObject({ code: 1, err: expect.stringContaining('it must be 600') })
  })
})
