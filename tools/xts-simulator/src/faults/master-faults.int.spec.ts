import io from 'socket.io-client'
import { FaultLab, proves as prove } from '../testing/fault-lab'
import type { FaultName } from './catalogue'

let lab: FaultLab
beforeAll(async () => {
  lab = await FaultLab.open(io)
})
beforeEach(() => lab.begin())
afterAll(() => lab.close())

const proves = (name: FaultName, run: () => Promise<void>): void => prove(() => lab, name, run)

const master = (timeoutMs?: number) =>
  lab.client.call('POST', '/apimarketdata/instruments/master', { exchangeSegmentList: ['NSECM'] }, timeoutMs)
const rows = async (): Promise<string[]> => String((await master()).body?.result).split('\n')

describe('faults of the master', () => {
  proves('master-header-only', async () => {
    await lab.arm('master-header-only')
    const [line, ...more] = await rows()
    expect(line).toMatch(/^ExchangeSegment\|ExchangeInstrumentID\|/)
    expect(more).toEqual([])
  })

  proves('master-empty', async () => {
    await lab.arm('master-empty')
    expect((await master()).body).toMatchObject({ type: 'success', result: '' })
  })

  proves('master-half', async () => {
    const whole = await rows()
    await lab.arm('master-half')
    const half = await rows()
    expect(half.length).toBeLessThan(whole.length)
    expect(half.at(-1)?.split('|').length).toBeLessThan(22)
    expect(half.slice(0, -1)).toEqual(whole.slice(0, half.length - 1))
  })

  proves('master-duplicated-tokens', async () => {
    const whole = await rows()
    await lab.arm('master-duplicated-tokens', { parameters: { every: 3 } })
    const tokens = (await rows()).map((row) => row.split('|')[1])
    expect(tokens).toHaveLength(whole.length)
    expect([tokens[1], tokens[4]]).toEqual([tokens[0], tokens[3]])
    expect(new Set(tokens).size).toBeLessThan(whole.length)
  })

  proves('master-slow', async () => {
    await lab.arm('master-slow', { delayMs: 5000 })
    await expect(master(200)).rejects.toThrow('timeout')
  })
})
