import type { HttpOutcome } from '@xts-bridge/http'
import { outcomeOfChange, outcomeOfRead } from './call-outcome'
import { DEFINITE_REJECTIONS } from './definite-rejection'
import { Unreadable } from './unreadable'

const answered = (status: number, envelope: unknown): HttpOutcome => ({
  kind: 'answered',
  status,
  text: typeof envelope === 'string' ? envelope : JSON.stringify(envelope),
})
const error = (status: number, code: string, description = 'no'): HttpOutcome =>
  answered(status, { type: 'error', code, description })
const options = { read: (result: unknown) => result, epoch: 4 }

it('is ok with what the answer holds', () => {
  expect(outcomeOfChange(answered(200, { type: 'success', result: 7 }), options)).toEqual({
    kind: 'ok',
    value: 7,
  })
})

describe('of a change', () => {
  it.each([
    ['the rate limit, as HTTP 429', error(429, 'e-apirl-0004')],
    ['the rate limit, as HTTP 400', error(400, 'e-apirl-0004')],
    ['the rate limit, as HTTP 200', error(200, 'e-apirl-0004')],
    ['HTTP 429 with another code', error(429, '')],
    ['a dead token', error(400, 'e-session-0007', 'Invalid Token')],
    ['a dead token under HTTP 200', error(200, '', 'Token/Authorization not found')],
    ['HTTP 401', error(401, '')],
    ['validation', error(400, 'e-property-validation-failed')],
    ['a refusal without a code', error(400, '', 'Gateway:Supplied Quantity is not in multiple of LotSize.')],
    ['a listed code under HTTP 200', error(200, 'e-orders-0002')],
  ])('is rejected by %s', (_what, http) => {
    expect(outcomeOfChange(http, options).kind).toBe('rejected')
  })

  it.each([
    ['an answer that was lost', { kind: 'lost', reason: 'reset' } as const],
    ['HTML', answered(502, '<html></html>')],
    ['an empty body', answered(200, '')],
    ['half a body', answered(200, '{"type":"succ')],
    ['HTTP 500 with an error in the envelope', error(500, 'e-orders-0002')],
    ['HTTP 503 that names the rate limit', error(503, 'e-apirl-0004')],
    ['HTTP 404 with an envelope', error(404, 'e-x')],
    ['an error under HTTP 200 with a code that is not listed', error(200, 'e-orders-0009')],
    ['a success under HTTP 500', answered(500, { type: 'success', result: 1 })],
  ])('is unknown after %s', (_what, http) => {
    expect(outcomeOfChange(http, options).kind).toBe('unknown')
  })

  it('is unknown when a success does not say what it should', () => {
    const read = (): never => {
      throw new Unreadable('the broker took an order but named none')
    }
    expect(outcomeOfChange(answered(200, { type: 'success' }), { read })).toEqual({
      kind: 'unknown',
      reason: 'the broker took an order but named none',
    })
  })

  it('is not sent when the call was not', () => {
    expect(outcomeOfChange({ kind: 'not-sent', reason: 'refused' }, options)).toEqual({
      kind: 'not-sent',
      reason: 'refused',
      isSessionMissing: false,
    })
  })

  it('names the refused token by its epoch', () => {
    expect(outcomeOfChange(error(400, 'e-session-0007', 'Invalid Token'), options)).toEqual({
      kind: 'rejected',
      brokerCode: 'e-session-0007',
      brokerDescription: 'Invalid Token',
      isSessionInvalid: true,
      epoch: 4,
    })
  })
})

describe('of a read', () => {
  it('is rejected by any readable error below 500', () => {
    expect(outcomeOfRead(error(404, 'e-x'), options).kind).toBe('rejected')
    expect(outcomeOfRead(error(200, 'e-orders-0009'), options).kind).toBe('rejected')
  })

  it('is unknown after trouble at the server', () => {
    expect(outcomeOfRead(error(500, 'e-x'), options).kind).toBe('unknown')
    expect(outcomeOfRead(answered(502, '<html></html>'), options).kind).toBe('unknown')
  })
})

it('names the source of every definite rejection', () => {
  for (const { evidence } of DEFINITE_REJECTIONS) expect(evidence).toMatch(/^protocol \d/)
})
