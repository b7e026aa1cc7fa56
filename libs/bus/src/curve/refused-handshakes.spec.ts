import { RefusedHandshakes, type RefusedHandshake } from './refused-handshakes'

describe('refused handshakes', () => {
  const reported: RefusedHandshake[] = []
  const counted: RefusedHandshake[] = []
  let nowMs = 5_000
  let refusals: RefusedHandshakes

  beforeEach(() => {
    reported.length = counted.length = 0
    nowMs = 5_000
    refusals = new RefusedHandshakes({
      clock: { nowMs: () => nowMs, after: () => () => undefined },
      onRefused: (refused) => counted.push(refused),
      onReport: (refused) => reported.push(refused),
    })
  })

  const knock = (clientAddress: string): void => refusals.add({ reason: 'unknown-key', clientAddress })

  it('are all counted, and the newest is known with its time', () => {
    for (let count = 0; count < 5; count += 1) knock('10.0.0.7')
    expect([refusals.count, counted.length]).toEqual([5, 5])
    expect(refusals.last).toEqual({ reason: 'unknown-key', clientAddress: '10.0.0.7', atMs: 5_000 })
  })

  it('are reported once a minute for each address', () => {
    knock('10.0.0.7')
    knock('10.0.0.8')
    nowMs += 59_999
    knock('10.0.0.7')
    expect(reported.map((one) => one.clientAddress)).toEqual(['10.0.0.7', '10.0.0.8'])
    nowMs += 1
    knock('10.0.0.7')
    expect(reported).toHaveLength(3)
  })

  it('are reported by endpoint where ZeroMQ does not tell the address, and by reason', () => {
    const endpoint = 'tcp://10.0.0.1:5562'
    refusals.add({ reason: 'no-curve', endpoint })
    refusals.add({ reason: 'no-curve', endpoint })
    refusals.add({ reason: 'wrong-server-key', endpoint })
    expect(reported.map((one) => one.reason)).toEqual(['no-curve', 'wrong-server-key'])
  })

  it('do not grow without end when addresses never repeat', () => {
    for (let count = 0; count < 3_000; count += 1) knock(`address ${count}`)
    knock('address 2999')
    expect(reported).toHaveLength(3_000)
    knock('address 0')
    expect(reported).toHaveLength(3_001)
  })
})
