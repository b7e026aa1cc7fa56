import { restartDelayMs } from './restart-delay'

describe('the delay before a restart', () => {
  it('doubles from half a second to fifteen seconds while the service keeps dying', () => {
    const delays: number[] = []
    for (let death = 0; death < 8; death += 1) delays.push(restartDelayMs(delays.at(-1), 1_000))
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
  })

  it('begins anew after the service lived for a minute', () => {
    expect([restartDelayMs(15_000, 59_999), restartDelayMs(15_000, 60_000)]).toEqual([15_000, 500])
  })
})
