import { desk, KNOWN, named } from './testing/session-desk'

describe('subscriptions', () => {
  it('are answered row by row, the unknown ones with the reason', async () => {
    const { say, bus, authenticated } = desk()
    await authenticated()
    const request = { action: 'subscribe', mode: 1, request_id: '42' }
    const [answer] = await say({
      ...request,
      symbols: [...named('RELIANCE', 'NOSUCH'), { symbol: 'SBIN', exchange: 'NYSE' }],
    })
    expect(answer).toEqual({
      type: 'subscribe',
      status: 'partial',
      subscriptions: [
        {
          symbol: 'RELIANCE',
          exchange: 'NSE',
          status: 'success',
          mode: 'LTP',
          depth: 5,
          broker: 'jainamxts',
        },
        {
          symbol: 'NOSUCH',
          exchange: 'NSE',
          status: 'error',
          message: 'Symbol NOSUCH not found for exchange NSE',
          broker: 'jainamxts',
        },
        {
          symbol: 'SBIN',
          exchange: 'NYSE',
          status: 'error',
          message: 'Symbol SBIN not found for exchange NYSE',
          broker: 'jainamxts',
        },
      ],
      message: 'Subscription processing complete',
      broker: 'jainamxts',
      request_id: '42',
    })
    expect(bus).toEqual(['+NSE_RELIANCE_LTP'])
  })

  it('of nothing usable succeed with no rows', async () => {
    const { say, authenticated } = desk()
    await authenticated()
    expect(await say({ action: 'subscribe', symbols: [{}] })).toMatchObject([
      { status: 'success', subscriptions: [] },
    ])
  })

  it('of the same topic twice succeed without a second topic on the bus', async () => {
    const { say, bus, authenticated } = desk()
    await authenticated()
    const twice = { action: 'subscribe', symbols: named('RELIANCE', 'RELIANCE') }
    expect(await say(twice, twice)).toMatchObject([{ status: 'success' }, { status: 'success' }])
    expect(bus).toEqual(['+NSE_RELIANCE_QUOTE'])
  })

  it('before the first list say that there is no list, not that the symbol is wrong', async () => {
    const { say, authenticated } = desk({ hasList: false })
    await authenticated()
    const [answer] = await say({ action: 'subscribe', symbols: named('NOSUCH') })
    expect(JSON.stringify(answer)).toContain('No instrument list has been loaded yet')
  })

  it('end at the limit of topics, each further row with the reason', async () => {
    const { say, bus, authenticated } = desk()
    await authenticated()
    const [answer] = await say({ action: 'subscribe', symbols: named(...KNOWN), mode: 3 })
    expect(answer).toMatchObject({ status: 'partial' })
    expect((answer?.['subscriptions'] as { message?: string }[]).map((row) => row.message)).toEqual([
      undefined,
      undefined,
      undefined,
      'Maximum capacity reached: 3 subscriptions',
    ])
    expect(bus).toHaveLength(3)
  })

  it('bring one frame for each mode that the client holds', async () => {
    const { say, hub, socket, authenticated } = desk()
    await authenticated()
    await say({ action: 'subscribe', symbols: named('RELIANCE'), mode: 1 })
    await say({ action: 'subscribe', symbols: named('RELIANCE'), mode: 3 })
    const before = socket.frames.length
    hub.deliver('NSE_RELIANCE_LTP', Buffer.from('{"seq":1}'))
    hub.deliver('NSE_RELIANCE_DEPTH', Buffer.from('{"seq":1}'))
    expect(socket.frames.slice(before).map((frame) => frame['mode'])).toEqual([1, 3])
  })

  it.each([
    ['the mode of the entry', { symbols: [{ ...named('RELIANCE')[0], mode: 1 }] }, ['-NSE_RELIANCE_LTP']],
    ['the mode of the frame', { symbols: named('RELIANCE'), mode: 'quote' }, ['-NSE_RELIANCE_QUOTE']],
    ['no mode', { symbols: named('RELIANCE') }, ['-NSE_RELIANCE_LTP', '-NSE_RELIANCE_QUOTE']],
    ['the single form', { symbol: 'RELIANCE', exchange: 'NSE', mode: 1 }, ['-NSE_RELIANCE_LTP']],
    ['what was never subscribed', { symbols: named('SBIN') }, []],
  ])('are let go by %s', async (_, fields, expected) => {
    const { say, bus, authenticated } = desk()
    await authenticated()
    await say({ action: 'subscribe', symbols: named('RELIANCE'), mode: 1 })
    await say({ action: 'subscribe', symbols: named('RELIANCE'), mode: 2 })
    bus.length = 0
    expect(await say({ action: 'unsubscribe', ...fields })).toMatchObject([
      { type: 'unsubscribe', status: 'success', successful: [{ status: 'success' }], failed: [] },
    ])
    expect(bus).toEqual(expected)
  })

  it('are all let go by unsubscribe_all, and when the client leaves', async () => {
    const { say, bus, session, authenticated } = desk()
    await authenticated()
    await say({ action: 'subscribe', symbols: named('RELIANCE', 'SBIN'), mode: 1 })
    expect(await say({ type: 'unsubscribe_all' })).toMatchObject([
      { type: 'unsubscribe', successful: [{ symbol: 'RELIANCE' }, { symbol: 'SBIN' }] },
    ])
    await say({ action: 'subscribe', symbols: named('TCS'), mode: 1 })
    session.ended()
    expect(bus.slice(2)).toEqual(['-NSE_RELIANCE_LTP', '-NSE_SBIN_LTP', '+NSE_TCS_LTP', '-NSE_TCS_LTP'])
  })
})
