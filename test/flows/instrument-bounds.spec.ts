import type { FoundInstrument, InstrumentsStatus } from '@xts-bridge/contracts'
import { startHouse, type House } from '../support/house'
import { Strategy } from '../support/strategy'

/** What users were promised; everything finer is measured in bench/. */
const LONGEST_REFRESH_MS = 60_000
const LONGEST_LOOKUP_MS = 100

describe('the whole generated universe', () => {
  let house: House
  let strategy: Strategy
  beforeAll(async () => {
    house = await startHouse({
      services: ['simulator', 'auth-service', 'master-contract'],
      isReadyAwaited: true,
      env: { XTS_SIMULATOR_UNIVERSE: 'whole' },
    })
    strategy = new Strategy(house)
  })
  afterAll(() => strategy?.close())

  it('is refreshed within a minute, every segment of it', async () => {
    const beganAtMs = performance.now()
    const status = await strategy.ask<InstrumentsStatus>(
      'instruments',
      'instruments.refresh',
      {},
      { timeoutMs: LONGEST_REFRESH_MS },
    )
    expect(performance.now() - beganAtMs).toBeLessThan(LONGEST_REFRESH_MS)
    expect(status).toMatchObject({ isRefreshing: false, refused: [] })
    expect(status.total).toBeGreaterThan(100_000)
    expect(status.version).toMatch(/-2$/)
  })

  it('answers a look-up within a tenth of a second', async () => {
    const key = { exchange: 'NSE', symbol: 'RELIANCE' }
    await strategy.ask('instruments', 'instruments.find', key)
    const beganAtMs = performance.now()
    const found = await strategy.ask<FoundInstrument>('instruments', 'instruments.find', key)
    expect(performance.now() - beganAtMs).toBeLessThan(LONGEST_LOOKUP_MS)
    expect(found).toMatchObject({ token: 2885, segment: 'NSECM' })
  })
})
