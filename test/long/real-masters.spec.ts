import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Instrument, InstrumentsStatus } from '@xts-bridge/contracts'
import { startHouse, type House } from '../support/house'
import { Strategy } from '../support/strategy'

const DUMPS = join(__dirname, '../../../shared/data')
/** Rows of each dump, counted by hand with wc. */
const ROWS = { NSECM: 8_942, BSECM: 13_424, BSEFO: 5_332 }
const files = Object.keys(ROWS).map((segment) => `xts_master_${segment}_2026-01-19.txt`)
const isThere = files.every((file) => existsSync(join(DUMPS, file)))
const describeWithDumps = isThere ? describe : describe.skip
if (!isThere) console.log('Real instrument dumps are not beside the project; this test is skipped.')

describeWithDumps('a house on real instrument dumps', () => {
  let house: House
  let strategy: Strategy
  let folder = ''
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'masters-'))
    for (const file of files) copyFileSync(join(DUMPS, file), join(folder, file))
    // The dumps are of January and hold three segments of the profile's.
    const skipped = 'expiry,date,mandatory-symbols'
    house = await startHouse({
      env: { XTS_SIMULATOR_MASTERS_DIR: folder, INSTRUMENTS_SKIPPED_GATES: skipped },
    })
    strategy = new Strategy(house)
  })
  afterAll(async () => {
    await strategy?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('turns every row into an instrument or a counted refusal with its reason', async () => {
    const status = await strategy.ask<InstrumentsStatus>('instruments', 'instruments.status', {})
    for (const [segment, rows] of Object.entries(ROWS)) {
      const count = status.segments.find((row) => row.segment === segment)
      const refused = Object.values(count?.refused ?? {}).reduce((sum, n) => sum + n, 0)
      expect([segment, count?.rows]).toEqual([segment, rows])
      expect((count?.instruments ?? 0) + refused).toBe(rows)
    }
  })

  it.each([
    ['NSE', 'RELIANCE', { segment: 'NSECM', token: 2885, lotSize: 1, tickSize: 0.1 }],
    ['BSE', 'RELIANCE', { segment: 'BSECM', token: 500325, tickSize: 0.05 }],
    ['BSE_INDEX', 'SENSEX', { segment: 'BSECM', token: 26065, instrumentType: 'INDEX' }],
    ['BFO', 'SENSEX29JAN26FUT', { segment: 'BSEFO', token: 1143697, lotSize: 20, freezeQuantity: 500 }],
    [
      'BFO',
      'SENSEX26FEB2688600CE',
      { segment: 'BSEFO', token: 1168389, strike: 88600, instrumentType: 'CE' },
    ],
  ])('finds %s %s as the dump has it', async (exchange, symbol, expected) => {
    expect(
      await strategy.ask<Instrument>('instruments', 'instruments.find', { exchange, symbol }),
    ).toMatchObject(expected)
  })

  it('fills an order on a real instrument', async () => {
    strategy.watchOrders()
    const order = { exchange: 'NSE', symbol: 'RELIANCE', side: 'BUY', quantity: 5, product: 'CNC' }
    const { orderId } = await strategy.ask<{ orderId: string }>('orders', 'order.place', order)
    await strategy.event(orderId, 'filled')
  })
})
