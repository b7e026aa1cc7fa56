import { walkProfile } from '../support/profile-walk'

describe('the process flows under other profiles', () => {
  it('pass where market orders are refused: the exit goes out as a protected limit, and fills', async () => {
    const atBroker = await walkProfile({ profile: 'iifl', env: { XTS_SIMULATOR_ALGO_ACCOUNT: 'true' } })
    expect(atBroker.map(({ status, orderType }) => [status, orderType])).toEqual([
      ['Filled', 'Limit'],
      ['Cancelled', 'Limit'],
      ['Filled', 'Limit'],
    ])
  })

  it('pass for an investor of a broker that logs in with an access token of its own', async () => {
    const atBroker = await walkProfile({ profile: 'jainam-retail' })
    expect(atBroker.map(({ status }) => status)).toEqual(['Filled', 'Cancelled', 'Filled'])
  })

  it('pass for a pro dealer, whose books the dealer routes alone answer', async () => {
    const atBroker = await walkProfile({
      profile: 'jainam-prop-b',
      env: { XTS_SIMULATOR_ACCOUNT_KIND: 'pro' },
    })
    expect(atBroker.map(({ status, clientCode }) => [status, clientCode])).toEqual([
      ['Filled', 'PRO001'],
      ['Cancelled', 'PRO001'],
      ['Filled', 'PRO001'],
    ])
  })
})
