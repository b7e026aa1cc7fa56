import { AppError } from './app-error'
import fc from 'fast-check'
import {
  errorFromReply,
  errorReply,
  isSoundEnvelope,
  okReply,
  parseEventEnvelope,
  parseRequestEnvelope,
  requestEnvelope,
  salvageRequestId,
} from './envelope'
import { ERROR_TABLE, type ErrorCode } from './error-table'

const problemOf = (body: string): string => {
  try {
    parseRequestEnvelope(body)
    return 'accepted'
  } catch (error) {
    return error instanceof AppError ? `${error.code}: ${error.message}` : 'another error'
  }
}

describe('request envelope', () => {
  it('reads every field', () => {
    const envelope = { v: 1, id: 'a1', apiKey: 'k', deadlineAtMs: 5, clientOrderId: 'c', data: { x: 1 } }
    expect(parseRequestEnvelope(JSON.stringify(envelope))).toEqual(envelope)
  })

  it.each([
    ['', 'not JSON'],
    ['{"v":1', 'not JSON'],
    ['[]', 'data'],
    ['null', 'data'],
    ['{"v":2,"id":"a","data":{}}', 'v'],
    ['{"v":1,"data":{}}', 'id is missing'],
    ['{"v":1,"id":"","data":{}}', 'id'],
    ['{"v":1,"id":7,"data":{}}', 'id'],
    ['{"v":1,"id":"a","deadlineAtMs":"soon","data":{}}', 'deadlineAtMs'],
    ['{"v":1,"id":"a","deadlineAtMs":-1,"data":{}}', 'deadlineAtMs'],
    ['{"v":1,"id":"a","clientOrderId":"","data":{}}', 'clientOrderId'],
    ['{"v":1,"id":"a","data":{},"extra":1}', 'extra'],
  ])('refuses %s and names the problem', (body, named) => {
    const problem = problemOf(body)
    expect(problem).toContain('ENVELOPE_MALFORMED')
    expect(problem.replace(': is missing', ' is missing')).toContain(named)
  })

  it('is judged alike by the quick check and by the schema', () => {
    const field = fc.oneof(
      fc.string({ maxLength: 70 }),
      fc.integer(),
      fc.double(),
      fc.constantFrom<unknown>(null, true, '', 0, 1, [], {}, 'a'.repeat(256), 'a'.repeat(257), 2 ** 53, 'id'),
    )
    const mostly = (good: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
      fc.oneof({ weight: 9, arbitrary: good }, { weight: 1, arbitrary: field })
    const text = fc.string({ minLength: 1, maxLength: 64 })
    const good = { v: mostly(fc.constant(1)), id: mostly(text), data: field }
    const optional = { apiKey: mostly(text), deadlineAtMs: mostly(fc.nat()), clientOrderId: mostly(text) }
    const some = fc
      .tuple(fc.record(good), fc.record(optional, { requiredKeys: [] }), fc.boolean())
      .map(([required, rest, isOdd]) => ({ ...required, ...rest, ...(isOdd && { extra: 1 }) }))
    let sound = 0
    fc.assert(
      fc.property(fc.oneof(some, field), (written) => {
        const value: unknown = JSON.parse(JSON.stringify(written) ?? 'null')
        const isSound = isSoundEnvelope(value)
        if (isSound) sound += 1
        expect(isSound).toBe(requestEnvelope.safeParse(value).success)
      }),
      { numRuns: 5_000 },
    )
    expect(sound).toBeGreaterThan(500)
  })

  it('salvages the id of a request that is otherwise malformed', () => {
    expect(salvageRequestId('{"id":"a7","v":99}')).toBe('a7')
  })

  it.each(['', '{', '7', 'null', '{"id":7}'])('salvages nothing from %s', (body) => {
    expect(salvageRequestId(body)).toBe('')
  })
})

describe('reply envelope', () => {
  it('carries an error so that the caller gets the same kind, code and details back', () => {
    const error = new AppError('ORDER_QUANTITY_NOT_LOT_MULTIPLE', {
      quantity: 7,
      lotSize: 65,
      symbol: 'NIFTY27JAN26FUT',
    })
    const reply = errorReply('a', 1, error)
    if (reply.ok) throw new Error('expected an error reply')
    expect(reply.error.message).toBe('quantity 7 is not a multiple of the lot size 65 of "NIFTY27JAN26FUT".')
    const returned = errorFromReply(reply.error)
    expect(returned).toMatchObject({
      kind: 'invalid',
      code: 'ORDER_QUANTITY_NOT_LOT_MULTIPLE',
      message: error.message,
    })
  })

  it('treats a code this side does not know as internal, and keeps the code', () => {
    const error = errorFromReply({ kind: 'refused', code: 'FROM_THE_FUTURE', message: 'no', details: {} })
    expect(error).toMatchObject({ kind: 'internal', details: { remoteCode: 'FROM_THE_FUTURE' } })
  })

  it('carries data', () => {
    expect(okReply('a', 2, { n: 1 })).toEqual({ v: 1, id: 'a', atMs: 2, ok: true, data: { n: 1 } })
  })
})

describe('event envelope', () => {
  it('reads epoch, sequence and time', () => {
    const event = { v: 1, epoch: 'e', seq: 3, atMs: 9, data: null }
    expect(parseEventEnvelope(JSON.stringify(event))).toEqual(event)
  })

  it.each([
    '',
    '{}',
    '{"v":1,"epoch":"","seq":1,"atMs":1,"data":1}',
    '{"v":1,"epoch":"e","seq":-1,"atMs":1}',
    '{"v":1,"epoch":"e","seq":1.5,"atMs":1}',
  ])('refuses %s', (body) => {
    expect(() => parseEventEnvelope(body)).toThrow(AppError)
  })
})

describe('error table', () => {
  it.each(Object.keys(ERROR_TABLE) as ErrorCode[])('%s reads as a sentence without details', (code) => {
    expect(new AppError(code).message).toMatch(/^[A-Za-zt].*\.$/)
    expect(new AppError(code).message).not.toMatch(/[{}]|undefined/)
  })
})
