import { readEnvelope } from './envelope'

const text = (value: unknown): string => JSON.stringify(value)
const ERROR = { type: 'error', code: 'e-orders-0002', description: 'Market order is not allowed' }

it('goes by the type, not by the first letter of the code', () => {
  const answer = readEnvelope(
    200,
    text({ type: 'success', code: 'e-response-0010', description: 'ok', result: { a: 1 } }),
  )
  expect(answer).toEqual({ kind: 'success', code: 'e-response-0010', result: { a: 1 } })
})

it('takes true for a success, as host lookup says it', () => {
  expect(readEnvelope(200, text({ type: true, result: 1 }))).toMatchObject({ kind: 'success', result: 1 })
})

it('sees an error under HTTP 200', () => {
  expect(readEnvelope(200, text(ERROR))).toMatchObject({ kind: 'error', status: 200, code: 'e-orders-0002' })
})

it.each([
  ['under data with err', { err: true, data: ERROR }],
  ['under data', { data: ERROR }],
  ['in a list of one', [ERROR]],
])('unwraps an error %s', (_how, wrapped) => {
  expect(readEnvelope(400, text(wrapped))).toMatchObject({ kind: 'error', code: 'e-orders-0002' })
})

it('says what a validation error complains of', () => {
  const errors = [{ field: ['orderSide'], messages: ['"orderSide" must be one of [BUY, SELL]'] }]
  const envelope = {
    type: 'error',
    code: 'e-property-validation-failed',
    description: 'Bad Request',
    result: { errors },
  }
  expect(readEnvelope(400, text(envelope))).toMatchObject({
    description: 'Bad Request: "orderSide" must be one of [BUY, SELL]',
  })
})

it.each([
  [502, '<html><center><h1>502 Bad Gateway</h1></center></html>', 'HTTP 502 with HTML'],
  [400, '<html>The plain HTTP request was sent to HTTPS port</html>', 'HTTP 400 with HTML'],
  [404, 'Unable to connect provided url', 'HTTP 404 with an unreadable body'],
  [200, '', 'HTTP 200 with an empty body'],
  [200, '{"type":"success","resu', 'HTTP 200 with an unreadable body'],
  [200, 'null', 'HTTP 200 with an unreadable body'],
  [200, '[]', 'HTTP 200 with an unreadable body'],
  [200, '[{"type":"success"},{"type":"success"}]', 'HTTP 200 with an unreadable body'],
  [200, '"success"', 'HTTP 200 with an unreadable body'],
  [200, '{}', 'HTTP 200 with an unreadable body'],
  [200, '{"type":"maybe"}', 'HTTP 200 with an unreadable body'],
  [200, '{"data":{"x":1}}', 'HTTP 200 with an unreadable body'],
  [500, '{"type":"success","result":{}}', 'HTTP 500 with an envelope that says success'],
])('finds HTTP %d %j unreadable', (status, body, problem) => {
  expect(readEnvelope(status, body)).toEqual({ kind: 'unreadable', problem })
})

describe('a dead session', () => {
  it.each([
    [400, 'e-session-0007', 'Invalid Token'],
    [200, 'e-session-0007', 'Invalid Token'],
    [400, 'e-session-0005', 'Session expired'],
    [400, 'e-token-0002', 'Please Provide token to Authenticate'],
    [400, '', 'Token/Authorization not found'],
    [200, '', 'Your session has been expired'],
    [401, '', 'Unauthorized'],
    [403, 'e-x', ''],
  ])('is HTTP %d %s %s', (status, code, description) => {
    expect(readEnvelope(status, text({ type: 'error', code, description }))).toMatchObject({
      isSessionInvalid: true,
    })
  })

  it.each([
    [400, 'e-session-0002', 'Instrument Already Subscribed !'],
    [400, 'e-session-0004', 'Subscription limit exceeded'],
    [429, 'e-apirl-0004', 'Rate limit exceeded for user ABC1234'],
    [401, 'e-apirl-0004', 'Max limit'],
    [400, 'e-user-0013', 'request is not from a trusted IP'],
    [400, 'e-orders-0001', 'no instrument with this token'],
    [400, '', 'RMS: not authorized to trade this segment'],
    [400, 'e-response-0012', 'This application is only enabled for CTCL'],
  ])('is not HTTP %d %s %s', (status, code, description) => {
    expect(readEnvelope(status, text({ type: 'error', code, description }))).toMatchObject({
      isSessionInvalid: false,
    })
  })
})
