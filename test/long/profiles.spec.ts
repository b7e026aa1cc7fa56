import { BROKER_PROFILE_NAMES, brokerProfile } from '@xts-bridge/xts'
import { walkProfile } from '../support/profile-walk'

/** A login through a browser's page has no unattended walk. */
const WALKED = BROKER_PROFILE_NAMES.filter((name) => brokerProfile(name).loginFlow !== 'access-token')

const isPro = (profile: string): boolean => brokerProfile(profile).orderClientId === '*****'
const isDealer = (profile: string): boolean => brokerProfile(profile).orderClientId === 'client-code'
const isAlgo = (profile: string): boolean => brokerProfile(profile).marketOrders === 'refused'

describe('the process flows', () => {
  it.each(WALKED)('pass under the profile %s', async (profile) => {
    const atBroker = await walkProfile({
      profile,
      env: {
        XTS_SIMULATOR_ACCOUNT_KIND: isPro(profile) ? 'pro' : isDealer(profile) ? 'dealer' : 'retail',
        XTS_SIMULATOR_ALGO_ACCOUNT: String(isAlgo(profile)),
      },
    })
    const exit = isAlgo(profile) ? 'Limit' : 'Market'
    expect(atBroker.map(({ status, orderType }) => [status, orderType])).toEqual([
      ['Filled', 'Limit'],
      ['Cancelled', 'Limit'],
      ['Filled', exit],
    ])
  })

  it('pass where the login asks for a node of the cluster first', async () => {
    const atBroker = await walkProfile({ profile: 'motilal', env: { XTS_LOGIN_FLOW: 'host-lookup' } })
    expect(atBroker.map(({ status }) => status)).toEqual(['Filled', 'Cancelled', 'Filled'])
  })
})
