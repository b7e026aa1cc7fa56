import { watchBrokerCalls, type BrokerCall } from './broker-calls'
import { Metrics } from './metrics'

const CALL: BrokerCall = {
  ...{ method: 'POST', path: '/interactive/orders', outcome: 'answered', status: 200 },
  ...{ attempt: 1, tookMs: 12 },
}

function watching() {
  const lines: unknown[] = []
  const write = (level: string) => (message: string, fields?: object) => lines.push([level, message, fields])
  const log = { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') }
  const metrics = new Metrics('order-execution')
  return { lines, metrics, seen: watchBrokerCalls(log, metrics, 'orders') }
}

it.each([200, 400, 502])('an answer of status %d is a line for debugging', (status) => {
  const { lines, seen } = watching()
  seen({ ...CALL, status })
  expect(lines).toEqual([['debug', 'broker call', { ...CALL, status, reason: undefined }]])
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
