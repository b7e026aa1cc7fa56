import { ManualClock } from '@xts-bridge/contracts'
import type { Dispatcher } from 'undici'
import { attemptOnce, type PreparedRequest } from './single-attempt'

const REQUEST: PreparedRequest = { method: 'POST', path: '/orders', headers: {}, body: '{}' }
type Handler = Dispatcher.DispatchHandler

/** A pool that lets the test play what undici does to a request. */
function poolThat(play: (handler: Handler) => void): Dispatcher {
  return { dispatch: (_options: unknown, handler: Handler) => (play(handler), true) } as unknown as Dispatcher
}

function controller(): Dispatcher.DispatchController & { abortions: Error[] } {
  const abortions: Error[] = []
  const abort = (reason: Error): void => void abortions.push(reason)
  return { aborted: false, paused: false, reason: null, abort, pause() {}, resume() {}, abortions }
}

const run = (play: (handler: Handler) => void, clock = new ManualClock()): ReturnType<typeof attemptOnce> =>
  attemptOnce({ pool: poolThat(play), request: REQUEST, timeoutMs: 10_000, clock })

it('stops a second start of the same order before it writes, and calls the order lost', async () => {
  const second = controller()
  const outcome = await run((handler) => {
    handler.onRequestStart?.(controller(), {})
    handler.onRequestStart?.(second, {})
    handler.onResponseError?.(second, second.abortions[0] ?? new Error('not aborted'))
  })
  expect(second.abortions).toHaveLength(1)
  expect(outcome).toEqual({
    kind: 'lost',
    reason: 'the connection was lost while the request was under way',
  })
})

it('stops an order that gets its connection only after the deadline', async () => {
  const clock = new ManualClock()
  const late = controller()
  let kept: Handler | undefined
  const call = run((handler) => (kept = handler), clock)
  await clock.advance(10_000)
  expect(await call).toEqual({ kind: 'not-sent', reason: 'no connection within 10000 ms' })
  kept?.onRequestStart?.(late, {})
  expect(late.abortions).toHaveLength(1)
})

it('is not sent when the error comes before the start, and lost when it comes after', async () => {
  const fail = (handler: Handler): void => handler.onResponseError?.(controller(), new Error('closed'))
  expect(await run(fail)).toEqual({ kind: 'not-sent', reason: 'closed' })
  const startAndFail = (handler: Handler): void => {
    handler.onRequestStart?.(controller(), {})
    fail(handler)
  }
  expect(await run(startAndFail)).toEqual({ kind: 'lost', reason: 'closed' })
})

it('is not sent when the pool throws', async () => {
  const refuse = (): void => {
    throw new Error('invalid path')
  }
  expect(await run(refuse)).toEqual({ kind: 'not-sent', reason: 'invalid path' })
})

it('aborts the request under way at the deadline, and lets a late answer change nothing', async () => {
  const clock = new ManualClock()
  const started = controller()
  let kept: Handler | undefined
  const call = run((handler) => {
    kept = handler
    handler.onRequestStart?.(started, {})
  }, clock)
  await clock.advance(10_000)
  kept?.onResponseEnd?.(started, {})
  expect(await call).toEqual({ kind: 'lost', reason: 'no complete answer within 10000 ms' })
  expect(started.abortions).toHaveLength(1)
})

it('joins the chunks of an answer before reading it as text', async () => {
  const rupee = Buffer.from('₹')
  const outcome = await run((handler) => {
    const started = controller()
    handler.onRequestStart?.(started, {})
    handler.onResponseStart?.(started, 200, {}, 'OK')
    handler.onResponseData?.(started, rupee.subarray(0, 1))
    handler.onResponseData?.(started, rupee.subarray(1))
    handler.onResponseEnd?.(started, {})
  })
  expect(outcome).toEqual({ kind: 'answered', status: 200, text: '₹' })
})
