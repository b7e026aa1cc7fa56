import { PassThrough } from 'node:stream'
import { createLogger, istTime } from './logger'

const logged = async (
  write: (log: ReturnType<typeof createLogger>) => void,
): Promise<Record<string, unknown>[]> => {
  const stream = new PassThrough()
  write(createLogger({ service: 'orders', level: 'info', stream }))
  await new Promise((resolve) => setImmediate(resolve))
  const text = String((stream.read() as Buffer | null) ?? '')
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

describe('logger', () => {
  it('writes one JSON line with service, time and the given facts', async () => {
    const [line] = await logged((log) => log.info('order accepted', { orderId: 'x1', tookMs: 3 }))
    expect(line).toMatchObject({
      level: 'info',
      message: 'order accepted',
      service: 'orders',
      orderId: 'x1',
      tookMs: 3,
    })
    expect(String(line?.['at'])).toMatch(/^\d{4}-\d\d-\d\dT.*\+05:30$/)
  })

  it.each([
    'apiKey',
    'api_key',
    'token',
    'authorization',
    'feed_token',
    'auth_token',
    'secretKey',
    'appKey',
    'password',
    'JAINAM_MARKET_API_SECRET',
  ])('replaces the value of %s at any depth', async (name) => {
    const lines = await logged((log) =>
      log.warn('call', { [name]: 'S3CRET', deep: { list: [{ [name]: 'S3CRET' }] } }),
    )
    expect(JSON.stringify(lines)).not.toContain('S3CRET')
    expect(JSON.stringify(lines)).toContain('[redacted]')
  })

  it('leaves out what is below its level', async () => {
    expect(await logged((log) => log.debug('detail'))).toEqual([])
  })

  it('writes an error as its message and cause', async () => {
    const [line] = await logged((log) =>
      log.error('failed', { error: new Error('outer', { cause: new Error('inner') }) }),
    )
    expect(line?.['error']).toMatchObject({ message: 'outer', cause: 'inner' })
  })

  it('gives Indian time', () => {
    expect(istTime(0)).toBe('1970-01-01T05:30:00.000+05:30')
  })
})
