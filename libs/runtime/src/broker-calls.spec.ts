import { PassThrough } from 'node:stream'
import { createLogger } from './logger'
import { watchBrokerCalls, type BrokerCall } from './broker-calls'
import { Metrics } from './metrics'

const CALL: BrokerCall = {
  ...{ method: 'POST', path: '/interactive/orders', outcome: 'answered', status: 200 },
  ...{ attempt: 1, tookMs: 12 },
}

function watching(isDebugEnabled = false) {
  const lines: unknown[] = []
  const write = (level: string) => (message: string, fields?: object) => lines.push([level, message, fields])
  const log = {
    ...{ error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') },
    isDebugEnabled,
  }
  const metrics = new Metrics('order-execution')
  return { lines, metrics, seen: watchBrokerCalls(log, metrics, 'orders') }
}

it.each([200, 400, 502])('an answer of status %d is one line, without bodies', (status) => {
  const { lines, seen } = watching()
  const query = { clientID: 'ABC1234' }
  seen({ ...CALL, status, query, requestBody: { a: 1 }, responseText: '{}' })
  expect(lines).toEqual([['info', 'broker call', { ...CALL, status, query, reason: undefined }]])
})

it('at debug level the bodies follow, a long one as its length', () => {
  const { lines, seen } = watching(true)
  seen({ ...CALL, requestBody: { appKey: 'k' }, responseText: '{"result":{"token":"t"}}' })
  seen({ ...CALL, responseText: `"${'x'.repeat(5_000)}"` })
  seen({ ...CALL, responseText: '<html>502</html>' })
  const bodies = lines.filter((line) => Array.isArray(line) && line[0] === 'debug')
  expect(bodies).toMatchObject([
    ['debug', 'broker call bodies', { request: { appKey: 'k' }, response: { result: { token: 't' } } }],
    ['debug', 'broker call bodies', { response: '5002 characters' }],
    ['debug', 'broker call bodies', { response: '<html>502</html>' }],
  ])
})

it('what is written of the bodies holds no secret and nothing of a person', async () => {
  const stream = new PassThrough()
  const log = createLogger({ service: 'orders', level: 'debug', stream })
  const seen = watchBrokerCalls(log, new Metrics('orders'), 'orders', () => ['', 'QUOTED-1'])
  seen({
    ...CALL,
    requestBody: { appKey: 'KEY-1', secretKey: 'SECRET-1', accessToken: 'ACCESS-1', uniqueKey: 'UNIQUE-1' },
    responseText: JSON.stringify({
      description: 'QUOTED-1 is not valid',
      result: { token: 'TOKEN-1', ClientName: 'A PERSON', PAN: 'ABCDE1234F' },
    }),
  })
  await new Promise((resolve) => setImmediate(resolve))
  const text = String(stream.read())
  expect(text).toContain('broker call bodies')
  for (const secret of [
    'KEY-1',
    'SECRET-1',
    'ACCESS-1',
    'UNIQUE-1',
    'TOKEN-1',
    'QUOTED-1',
    'A PERSON',
    'ABCDE1234F',
  ])
    expect(text).not.toContain(secret)
})

it.each(['lost', 'not-sent'] as const)('a call that is %s is a warning with its reason', (outcome) => {
  const { lines, seen } = watching()
  seen({ ...CALL, outcome, status: undefined, reason: 'socket hang up' })
  expect(lines).toMatchObject([
    ['warn', 'broker call without an answer', { path: '/interactive/orders', reason: 'socket hang up' }],
  ])
})

it('each call is measured by its path and what became of it', async () => {
  const { metrics, seen } = watching()
  seen(CALL)
  seen({ ...CALL, tookMs: 30 })
  seen({ ...CALL, outcome: 'lost', status: undefined })
  const text = await metrics.text()
  expect(text).toMatch(/orders_broker_call_ms_sum\{.*path="\/interactive\/orders",status="200"\} 42/)
  expect(text).toMatch(/orders_broker_call_ms_count\{.*path="\/interactive\/orders",status="lost"\} 1/)
})
