import { ClientError } from './client-request'
import { parseClientFrame } from './parse-client-frame'

const read = (frame: unknown) => parseClientFrame(JSON.stringify(frame))
const one = [{ symbol: 'RELIANCE', exchange: 'NSE' }]

function refusalOf(text: string): ClientError {
  try {
    parseClientFrame(text)
  } catch (error) {
    if (error instanceof ClientError) return error
    throw error
  }
  throw new Error(`accepted: ${text}`)
}

/** Code and message of the refusal. */
function refusal(text: string): readonly [string, string] {
  const { code, message } = refusalOf(text)
  return [code, message]
}

describe('parseClientFrame accepts', () => {
  it.each([
    [{ action: 'authenticate', api_key: 'K' }],
    [{ action: 'authenticate', apikey: 'K' }],
    [{ type: 'authenticate', api_key: 'K' }],
    [{ action: 'auth', api_key: 'K' }],
    [{ action: 'auth', type: 'subscribe', api_key: 'K' }],
  ])('%j as authenticate', (frame) => {
    expect(read(frame)).toEqual({ verb: 'authenticate', apiKey: 'K' })
  })

  it.each([
    [1, 'LTP'],
    [2, 'QUOTE'],
    [3, 'DEPTH'],
    ['1', 'LTP'],
    ['LTP', 'LTP'],
    ['ltp', 'LTP'],
    [' Quote ', 'QUOTE'],
    ['dEpTh', 'DEPTH'],
  ])('mode %j as %s', (mode, expected) => {
    expect(read({ action: 'subscribe', symbols: one, mode })).toEqual({
      verb: 'subscribe',
      mode: expected,
      symbols: one,
    })
  })

  it('a subscription without a mode as Quote', () => {
    expect(read({ action: 'subscribe', symbols: one })).toMatchObject({ mode: 'QUOTE' })
  })

  it.each([
    ['a list', { symbols: one }],
    ['a list called instruments', { instruments: one }],
    ['the single form', { symbol: 'RELIANCE', exchange: 'NSE' }],
    ['a list before the single form', { symbols: one, symbol: 'SBIN', exchange: 'BSE' }],
    ['entries with more fields than needed', { symbols: [{ ...one[0], mode: 9, token: 5 }] }],
  ])('%s of symbols', (_, fields) => {
    expect(read({ action: 'subscribe', ...fields })).toMatchObject({ symbols: one })
  })

  it('a list with unusable entries, passing over those', () => {
    const symbols = [null, 'NSE:SBIN', 5, {}, { symbol: 'SBIN' }, { symbol: 5, exchange: 'NSE' }, ...one]
    expect(read({ action: 'subscribe', symbols })).toMatchObject({ symbols: one })
    expect(read({ action: 'subscribe', symbols: [{}] })).toMatchObject({ symbols: [] })
  })

  it.each([
    ['the entry', { symbols: [{ ...one[0], mode: 'ltp' }], mode: 3 }, 'LTP'],
    ['the frame', { symbols: one, mode: 3 }, 'DEPTH'],
    ['the single form', { ...one[0], mode: 'Quote' }, 'QUOTE'],
    ['nowhere', { symbols: one }, undefined],
  ])('an unsubscription with its mode from %s', (_, fields, mode) => {
    expect(read({ action: 'unsubscribe', ...fields })).toEqual({
      verb: 'unsubscribe',
      symbols: [mode === undefined ? one[0] : { ...one[0], mode }],
    })
  })

  it.each([
    [{ action: 'unsubscribe_all' }],
    [{ type: 'unsubscribe_all' }],
    [{ action: 'unsubscribe', unsubscribe_all: true }],
  ])('%j as unsubscribe-all', (frame) => {
    expect(read(frame)).toEqual({ verb: 'unsubscribe-all' })
  })

  it('a ping with what it is to echo', () => {
    expect(read({ action: 'ping', timestamp: 1, _pingId: 'a' })).toEqual({
      verb: 'ping',
      timestamp: 1,
      pingId: 'a',
    })
  })

  it('a request_id of any kind', () => {
    expect(read({ action: 'get_broker_info', request_id: [1] })).toEqual({
      verb: 'broker-info',
      requestId: [1],
    })
  })
})

describe('parseClientFrame refuses', () => {
  it.each([
    '',
    ' ',
    'hello',
    '{',
    '{"action":',
    'null',
    '1',
    '"ping"',
    '[]',
    '[{"action":"ping"}]',
    '\u0000',
  ])('%j as no JSON message', (text) => {
    expect(refusal(text)).toEqual(['INVALID_JSON', 'Invalid JSON message'])
  })

  it.each([
    [{}, 'None'],
    [{ action: null }, 'None'],
    [{ action: 'Subscribe' }, 'Subscribe'],
    [{ action: 'order' }, 'order'],
    [{ action: '' }, ''],
    [{ action: 5 }, '5'],
    [{ action: ['ping'] }, '["ping"]'],
    [{ action: '__proto__' }, '__proto__'],
    [{ type: 'constructor' }, 'constructor'],
    [{ action: 'x'.repeat(5_000) }, 'x'.repeat(64)],
  ])('the action of %j', (frame, shown) => {
    expect(refusal(JSON.stringify(frame))).toEqual(['INVALID_ACTION', `Invalid action: ${shown}`])
  })

  it.each([
    [{}, 'API key is required'],
    [{ api_key: '' }, 'API key is required'],
    [{ api_key: null }, 'API key is required'],
    [{ key: 'K' }, 'API key is required'],
    [{ api_key: 5 }, 'Invalid API key'],
    [{ api_key: ['K'] }, 'Invalid API key'],
    [{ api_key: 'k'.repeat(257) }, 'Invalid API key'],
  ])('the key of %j', (fields, message) => {
    const frame = JSON.stringify({ action: 'authenticate', ...fields })
    expect(refusal(frame)).toEqual(['AUTHENTICATION_ERROR', message])
  })

  it.each([
    ['4', 'Invalid mode 4; expected 1 (LTP), 2 (Quote), or 3 (Depth)'],
    ['0', 'Invalid mode 0; expected 1 (LTP), 2 (Quote), or 3 (Depth)'],
    ['-1', 'Invalid mode -1; expected 1 (LTP), 2 (Quote), or 3 (Depth)'],
    ['"X"', "Invalid mode 'X'; expected 'LTP', 'Quote', or 'Depth' (case-insensitive)"],
    ['"4"', "Invalid mode '4'; expected 'LTP', 'Quote', or 'Depth' (case-insensitive)"],
    ['""', "Invalid mode ''; expected 'LTP', 'Quote', or 'Depth' (case-insensitive)"],
    ['"quotes"', "Invalid mode 'quotes'; expected 'LTP', 'Quote', or 'Depth' (case-insensitive)"],
    ['1.5', 'Mode must be int or str, got float'],
    ['true', 'Mode must be int or str, got bool'],
    ['null', 'Mode must be int or str, got NoneType'],
    ['[1]', 'Mode must be int or str, got list'],
    ['{"mode":1}', 'Mode must be int or str, got dict'],
  ])('mode %s', (mode, message) => {
    const symbols = JSON.stringify(one)
    expect(refusal(`{"action":"subscribe","symbols":${symbols},"mode":${mode}}`)).toEqual([
      'INVALID_MODE',
      message,
    ])
  })

  it.each([
    [{}],
    [{ symbols: [] }],
    [{ symbols: 'RELIANCE' }],
    [{ symbols: { symbol: 'RELIANCE', exchange: 'NSE' } }],
    [{ symbol: 'RELIANCE' }],
    [{ exchange: 'NSE' }],
    [{ symbol: '', exchange: 'NSE' }],
    [{ symbol: 'S'.repeat(65), exchange: 'NSE' }],
  ])('a subscription of %j', (fields) => {
    const frame = JSON.stringify({ action: 'subscribe', ...fields })
    expect(refusal(frame)).toEqual(['INVALID_PARAMETERS', 'At least one symbol must be specified'])
  })

  it.each([[{}], [{ symbols: [] }], [{ unsubscribe_all: 'yes' }], [{ symbol: 'RELIANCE' }]])(
    'an unsubscription of %j',
    (fields) => {
      const frame = JSON.stringify({ action: 'unsubscribe', ...fields })
      expect(refusal(frame)).toEqual(['INVALID_PARAMETERS', 'Either symbols or unsubscribe_all is required'])
    },
  )

  it('an unsubscription whose entry has no mode of ours', () => {
    const frame = { action: 'unsubscribe', symbols: [{ ...one[0], mode: 7 }] }
    expect(refusal(JSON.stringify(frame))[0]).toBe('INVALID_MODE')
  })

  it('with the request_id of the request', () => {
    const frame = JSON.stringify({ action: 'subscribe', request_id: 'r-1', mode: 4, symbols: one })
    expect(refusalOf(frame).requestId).toBe('r-1')
  })
})
