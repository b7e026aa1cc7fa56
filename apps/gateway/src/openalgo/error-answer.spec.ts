import { AppError, ERROR_TABLE, type ErrorCode, type ErrorDetails } from '@xts-bridge/contracts'
import { orderRefusalFrom, refusalFrom } from './error-answer'
import { Refusal } from './refusal'

function answer(code: ErrorCode, details: ErrorDetails = {}): { status: number; body: Refusal['body'] } {
  const refusal = refusalFrom(new AppError(code, details), 'text')
  if (!(refusal instanceof Refusal)) throw new Error('not a refusal')
  return { status: refusal.httpStatus, body: refusal.body }
}

describe('the REST answer to an error', () => {
  it('answers an unknown key as OpenAlgo does', () => {
    expect(answer('KEY_INVALID')).toMatchObject({
      status: 403,
      body: { status: 'error', message: 'Invalid openalgo apikey' },
    })
  })

  it.each([
    ['KEY_CHECK_UNAVAILABLE', 503],
    ['SCOPE_MISSING', 403],
    ['ACCOUNT_NOT_ALLOWED', 403],
    ['REQUEST_INVALID', 400],
    ['ORDER_PRICE_OFF_TICK', 400],
    ['BROKER_REJECTED', 400],
    ['SESSION_UNAVAILABLE', 503],
    ['XTS_NOT_SENT', 503],
    ['XTS_REPLY_LOST', 504],
    ['INTERNAL', 500],
  ] as const)('answers %s with %i', (code, status) => {
    expect(answer(code).status).toBe(status)
  })

  it('never answers an error with a success status', () => {
    const codes = Object.keys(ERROR_TABLE) as ErrorCode[]
    expect(codes.filter((code) => answer(code).status < 400)).toEqual([])
  })

  it('passes the words of the broker on', () => {
    const details = { brokerCode: 'e-orders-0001', brokerDescription: 'RMS:Margin Exceeds' }
    expect(answer('BROKER_REJECTED', details).body.message).toBe('RMS:Margin Exceeds')
  })

  it('words an unknown symbol as OpenAlgo does and adds the near matches', () => {
    const { body } = answer('INSTRUMENT_NOT_FOUND', {
      symbol: 'RELIANC',
      exchange: 'NSE',
      near: ['RELIANCE'],
    })
    expect(body).toMatchObject({
      message:
        "Symbol 'RELIANC' not found for exchange 'NSE'. Please verify the symbol name and ensure master contracts are downloaded.",
      near: ['RELIANCE'],
    })
  })

  it('tells the sender of an order with an unknown fate not to resend it, and how to find it', () => {
    const lost = new AppError('REPLY_LOST', { subject: 'order.place', waitedMs: 20_000 })
    expect(orderRefusalFrom(lost, 'mine-1')).toMatchObject({
      httpStatus: 504,
      body: { client_order_id: 'mine-1', message: expect.stringContaining('Do not send it again') as string },
    })
    const sent = new AppError('XTS_REPLY_LOST', { orderId: 'abc', reason: 'timeout' })
    expect(orderRefusalFrom(sent, 'mine-2')).toMatchObject({
      body: {
        orderid: 'abc',
        client_order_id: 'mine-2',
        message: expect.stringContaining('do not resend') as string,
      },
    })
  })

  it('does not tell the reader of a quote that an order may be out', () => {
    const lost = new AppError('REPLY_LOST', { subject: 'market.quotes', waitedMs: 20_000 })
    expect(JSON.stringify(refusalFrom(lost, 'object'))).not.toContain('send it again')
  })

  it('leaves a programming error to the filter', () => {
    const bug = new TypeError('x is not a function')
    expect(refusalFrom(bug, 'text')).toBe(bug)
    expect(orderRefusalFrom(bug, 'id')).toBe(bug)
  })
})
