import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError, type TickPayload } from '@xts-bridge/contracts'
import { curveKeyPair, Reply } from 'zeromq'
import { readCurveKeys, type CurveKeys } from './curve-keys'
import { order, SmallHouse } from './testing/small-house'
import { XtsBridge, type XtsBridgeOptions } from './xts-bridge'

const shortly = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))
const BUY = { exchange: 'NSE', symbol: 'RELIANCE', side: 'BUY', quantity: 1 } as const

describe('a client of a house with CURVE', () => {
  const closers: (() => Promise<unknown>)[] = []
  const server = curveKeyPair()
  let house: SmallHouse

  beforeEach(async () => {
    house = await SmallHouse.open(server)
    house.answers['order.place'] = () => ({ data: { orderId: 'o1' } })
  })
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
    await house.close()
  })

  const keys = (): CurveKeys => ({ ...curveKeyPair(), serverPublicKey: server.publicKey })
  function connect(options: Partial<XtsBridgeOptions>): XtsBridge {
    const bridge = XtsBridge.connect({ apiKey: 'k', timeoutMs: 60_000, ...house.endpoints, ...options })
    closers.push(() => bridge.close())
    return bridge
  }

  /** Refuses every key, as a house whose allow-list is empty. */
  async function refuseEverybody(): Promise<void> {
    const zap = new Reply({ linger: 0 })
    await zap.bind('inproc://zeromq.zap.01')
    const answering = (async () => {
      for await (const [version, id] of zap)
        if (!zap.closed) await zap.send([version ?? '', id ?? '', '400', 'no', '', ''])
    })()
    closers.push(async () => {
      zap.close()
      await answering
    })
  }

  it('places orders, reads order events and ticks', async () => {
    const bridge = connect({ curve: keys() })
    await expect(bridge.placeOrder(BUY)).resolves.toEqual({ orderId: 'o1' })
    const states: string[] = []
    const ticks: TickPayload[] = []
    await bridge.onOrderEvent((event) => states.push(event.order.state))
    await house.eventReader()
    await house.event('filled', order('o1', { state: 'filled' }))
    bridge.onTick('NSE_RELIANCE_LTP', (tick) => ticks.push(tick))
    const giveUpAtMs = Date.now() + 10_000
    while ((states.length === 0 || ticks.length === 0) && Date.now() < giveUpAtMs) {
      await house.tick('NSE_RELIANCE_LTP', '{"ltp":1}')
      await shortly()
    }
    expect([states, ticks[0]]).toEqual([['filled'], { ltp: 1 }])
  })

  it.each([
    [
      'expects another server key',
      { ...keys(), serverPublicKey: curveKeyPair().publicKey },
      /server public key/,
    ],
    ['has no keys', undefined, /only clients with CURVE keys/],
  ])('is told at once when it %s', async (_, curve, why) => {
    const refused = connect({ curve }).placeOrder(BUY)
    await expect(refused).rejects.toMatchObject({ code: 'CURVE_REFUSED', kind: 'unavailable' })
    await expect(refused).rejects.toThrow(why)
  })

  it('is told at once when its key is not let in, by requests and by ticks', async () => {
    await refuseEverybody()
    const refusals: AppError[] = []
    const bridge = connect({ curve: keys(), onRefused: (refusal) => refusals.push(refusal) })
    await expect(bridge.placeOrder(BUY)).rejects.toThrow(/allow-list/)
    await expect(bridge.placeOrder(BUY)).rejects.toMatchObject({ code: 'CURVE_REFUSED' })
    bridge.onTick('NSE_RELIANCE_LTP', () => undefined)
    const giveUpAtMs = Date.now() + 10_000
    while (refusals.length === 0 && Date.now() < giveUpAtMs) await shortly()
    expect(refusals[0]?.message).toContain(house.endpoints.ticksEndpoint)
  })

  it('does not send an API key to another machine in the clear', () => {
    const ordersEndpoint = 'tcp://203.0.113.9:5562'
    expect(() => XtsBridge.connect({ apiKey: 'k', ordersEndpoint })).toThrow(
      new AppError('ENDPOINT_NOT_LOCAL', { endpoint: ordersEndpoint }),
    )
  })
})

describe('readCurveKeys', () => {
  let folder = ''
  const pair = curveKeyPair()
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'xts-client-'))
    writeFileSync(join(folder, 'server.pub'), `${pair.publicKey}\n`)
    writeFileSync(join(folder, 'client.pub'), `${pair.publicKey}\n`)
    writeFileSync(join(folder, 'client.key'), `${pair.secretKey}\n`, { mode: 0o600 })
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('reads the folder that curve-keys wrote', () => {
    expect(readCurveKeys(folder)).toEqual({ ...pair, serverPublicKey: pair.publicKey })
  })

  it('refuses a secret that others can read', () => {
    chmodSync(join(folder, 'client.key'), 0o644)
    expect(() => readCurveKeys(folder)).toThrow(/client\.key has mode 644; it must be 600/)
  })

  it('refuses a file that is no key, and one that is missing', () => {
    writeFileSync(join(folder, 'server.pub'), 'no key')
    expect(() => readCurveKeys(folder)).toThrow(/server\.pub holds no CURVE key/)
    rmSync(join(folder, 'server.pub'))
    expect(() => readCurveKeys(folder)).toThrow(/server\.pub/)
  })
})
