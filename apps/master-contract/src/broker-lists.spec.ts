import { AppError } from '@xts-bridge/contracts'
import type { CallOutcome, TokenSource } from '@xts-bridge/xts'
import { BrokerLists } from './broker-lists'

const SESSION = { token: 't', epoch: 7, userId: 'U', clientCodes: [], isInvestorClient: true }

function listsWith({ outcome, session = true }: { outcome: CallOutcome<string>; session?: boolean }) {
  const requests: unknown[] = []
  const problems: string[] = []
  let token: TokenSource = () => undefined
  const lists = new BrokerLists({
    auth: {
      request: async <T>(subject: string, data: unknown): Promise<T> => {
        requests.push([subject, data])
        if (!session) throw new AppError('SESSION_UNAVAILABLE', { api: 'market', account: 'primary' })
        return SESSION as T
      },
    },
    account: 'primary',
    connect: (source) => {
      token = source
      return { master: async () => outcome, indexList: async () => ({ kind: 'ok', value: [] }) }
    },
    onProblem: (message) => problems.push(message),
  })
  return { lists, requests, problems, token: () => token() }
}

describe('the lists of the broker', () => {
  it('are asked for with the session of auth-service', async () => {
    const { lists, token } = listsWith({ outcome: { kind: 'ok', value: 'rows' } })
    await lists.open()
    expect(token()).toBe(SESSION)
    expect(await lists.master('NSECM')).toBe('rows')
  })

  it('are asked for without a session when there is none, because the broker needs none here', async () => {
    const { lists, problems, token } = listsWith({ outcome: { kind: 'ok', value: 'rows' }, session: false })
    await lists.open()
    expect(token()).toBeUndefined()
    expect(problems).toEqual(['lists are downloaded without a session'])
    expect(await lists.master('NSECM')).toBe('rows')
  })

  it.each<[CallOutcome<string>, string]>([
    [{ kind: 'unknown', reason: 'HTTP 502 with HTML' }, 'HTTP 502 with HTML'],
    [{ kind: 'not-sent', reason: 'connection refused', isSessionMissing: false }, 'connection refused'],
    [
      {
        kind: 'rejected',
        brokerCode: 'e-apirl-0004',
        brokerDescription: 'Too many',
        isSessionInvalid: false,
      },
      'Too many (e-apirl-0004)',
    ],
  ])('say why they could not be had', async (outcome, reason) => {
    const { lists, requests } = listsWith({ outcome })
    await lists.open()
    await expect(lists.master('BSEFO')).rejects.toMatchObject({
      code: 'REFRESH_FAILED',
      details: { reason: `the list of BSEFO could not be had: ${reason}` },
    })
    expect(requests).toHaveLength(1)
  })

  it('report a session that the broker refuses', async () => {
    const { lists, requests } = listsWith({
      outcome: {
        kind: 'rejected',
        brokerCode: 'e-session-0007',
        brokerDescription: 'Token invalid',
        isSessionInvalid: true,
      },
    })
    await lists.open()
    await expect(lists.master('NSECM')).rejects.toMatchObject({ code: 'REFRESH_FAILED' })
    expect(requests[1]).toEqual([
      'session.report-invalid',
      { account: 'primary', api: 'market', epoch: 7, brokerDescription: 'Token invalid' },
    ])
  })
})
