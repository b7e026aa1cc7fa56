import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import io from 'socket.io-client'
import { startSimulator, type RunningSimulator } from './index'

const KEYS = { appKey: 'simulator-market-key', secretKey: 'simulator-market-secret' }

/** A throw-away certificate for loopback, or undefined on a machine without openssl. */
function makeCertificate(folder: string): { tlsCert: string; tlsKey: string } | undefined {
  const [tlsCert, tlsKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  const args = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
  ]
  try {
    execFileSync('openssl', [...args, '-subj', '/CN=localhost', '-keyout', tlsKey, '-out', tlsCert], { stdio: 'ignore' }) // prettier-ignore
  } catch {
    return undefined
  }
  return { tlsCert, tlsKey }
}

describe('a simulator with TLS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tls-'))
  const certificate = makeCertificate(folder)
  const said: string[] = []
  let simulator: RunningSimulator
  const start = (options: object) =>
    startSimulator({
      port: 0,
      controlPort: 0,
      universe: 'small',
      log: (message) => said.push(message),
      ...options,
    })

  afterAll(() => rmSync(folder, { recursive: true }))
  afterEach(async () => {
    said.length = 0
    await simulator?.close()
  })

  // Without openssl there is nothing to make a certificate with.
  const itWithTls = certificate ? it : it.skip

  itWithTls('speaks https and wss', async () => {
    simulator = await start({ ...certificate })
    const login = await send(httpsRequest, simulator.port, KEYS)
    expect(login).toMatchObject({ status: 200 })
    const { result } = JSON.parse(login.text) as { result: { token: string; userID: string } }
    const socket = io(`https://127.0.0.1:${simulator.port}`, {
      path: '/apimarketdata/socket.io',
      query: { token: result.token, userID: result.userID, publishFormat: 'JSON', broadcastMode: 'Full' },
      transports: ['websocket'],
      rejectUnauthorized: false,
      reconnection: false,
      forceNew: true,
    })
    const joined = await new Promise((resolve, reject) => {
      socket.on('joined', resolve)
      socket.on('connect_error', reject)
    })
    expect(joined).toContain('s-socket-0001')
    socket.close()
  })

  itWithTls('answers plain http with the page of the front server, and says so', async () => {
    simulator = await start({ ...certificate })
    const answer = await send(httpRequest, simulator.port, KEYS)
    expect(answer).toMatchObject({ status: 400 })
    expect(answer.text).toContain('The plain HTTP request was sent to HTTPS port')
    expect(said).toContain('a client spoke http to this https port; it must use https://')
  })

  it('says of a client that speaks https to an http port what it did', async () => {
    simulator = await start({})
    await expect(send(httpsRequest, simulator.port, KEYS)).rejects.toThrow()
    expect(said).toContain('a client spoke https (TLS) to this http port; it must use http://')
  })

  it('survives what is no HTTP at all', async () => {
    simulator = await start({})
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(simulator.port, '127.0.0.1', () => socket.write('hello?\r\n\r\n'))
      socket.on('data', (bytes: Buffer) => resolve(bytes.toString()))
      socket.on('error', reject)
    })
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(said).toContain('a client sent what is no HTTP request')
  })

  it.each([
    ['is not there', join(folder, 'gone.pem')],
    ['is no certificate', __filename],
  ])('refuses a certificate that %s', async (_what, tlsCert) => {
    writeFileSync(join(folder, 'none.pem'), 'none')
    await expect(start({ tlsCert, tlsKey: join(folder, 'none.pem') })).rejects.toThrow(
      /^https is not possible: /,
    )
  })
})

function send(
  request: typeof httpRequest,
  port: number,
  body: object,
): Promise<{ status?: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', path: '/apimarketdata/auth/login', method: 'POST', rejectUnauthorized: false, agent: false } // prettier-ignore
    const sent = request(
      { ...options, headers: { 'content-type': 'application/json' } },
      (answer: IncomingMessage) => {
        let text = ''
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
      },
    )
    sent.on('error', reject)
    sent.end(JSON.stringify(body))
  })
}
