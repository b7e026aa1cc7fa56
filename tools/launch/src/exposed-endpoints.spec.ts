import { BUS_ENDPOINTS } from '@xts-bridge/contracts'
import { exposedEndpoints } from './exposed-endpoints'
import type { HouseSettings } from './settings'

const settings = (change: Partial<HouseSettings>): HouseSettings =>
  ({ ...BUS_ENDPOINTS, BUS_CURVE: 'off', ...change }) as HouseSettings

describe('exposedEndpoints', () => {
  it('has nothing to say of the defaults, of ipc and of loopback', () => {
    const local = { AUTH_EVENTS_ENDPOINT: 'ipc:///run/xts/auth', FEED_TICKS_ENDPOINT: 'tcp://[::1]:5555' }
    expect(exposedEndpoints(settings(local))).toEqual([])
  })

  it.each(['tcp://*:5562', 'tcp://0.0.0.0:5562', 'tcp://192.0.2.10:5562', 'tcp://127.example.com:5562'])(
    'names the setting that puts orders on %s without encryption',
    (ORDERS_REQUESTS_ENDPOINT) => {
      expect(exposedEndpoints(settings({ ORDERS_REQUESTS_ENDPOINT }))).toEqual([
        {
          setting: 'ORDERS_REQUESTS_ENDPOINT',
          problem: expect.stringContaining('BUS_CURVE=remote') as string,
        },
      ])
    },
  )

  it('lets them be when CURVE is on', () => {
    const remote = { ORDERS_REQUESTS_ENDPOINT: 'tcp://*:5562', BUS_CURVE: 'remote' as const }
    expect(exposedEndpoints(settings(remote))).toEqual([])
  })
})
