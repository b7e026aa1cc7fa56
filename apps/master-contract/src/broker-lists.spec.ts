import { AppError } from '@xts-bridge/contracts'
import type { CallOutcome, TokenSource } from '@xts-bridge/xts'
import { BrokerLists, type Download, type ListCalls } from './broker-lists'
import { inProcessWorkshop } from './testing/in-process-workshop'
import { masterAnswer } from './testing/master-answer'

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
      const downloadMaster: ListCalls['downloadMaster'] = async (_, receiveBody) => {
        if (outcome.kind !== 'ok') return outcome
        const receive = receiveBody()
        receive(masterAnswer(outcome.value).subarray(0, 9))
        receive(masterAnswer(outcome.value).subarray(9))
        return { kind: 'ok', value: undefined }
      }
      return { downloadMaster, indexList: async () => ({ kind: 'ok', value: [] }) }
    },
    onProblem: (message) => problems.push(message),
  })
  const master = (): Promise<Download<undefined>> => lists.master('NSECM', inProcessWorkshop())
  return { lists, master, requests, problems, token: () => token() }
}

describe('the lists of the broker', () => {
  it('are asked for with the session of auth-service', async () => {
    const { lists, master, token } = listsWith({ outcome: { kind: 'ok', value: 'rows' } })
    await lists.open()
    expect(token()).toBe(SESSION)
    expect(await master()).toEqual({ isHad: true, value: undefined })
  })

  it('are asked for without a session when there is none, because the broker needs none here', async () => {
    const { lists, master, problems, token } = listsWith({
      outcome: { kind: 'ok', value: 'rows' },
      session: false,
    })
    await lists.open()
    expect(token()).toBeUndefined()
    expect(problems).toEqual(['lists are downloaded without a session'])
    expect(await master()).toEqual({ isHad: true, value: undefined })
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
    const { lists, master, requests } = listsWith({ outcome })
    await lists.open()
    expect(await master()).toEqual({ isHad: false, problem: reason })
    expect(requests).toHaveLength(1)
  })

  it('report a session that the broker refuses, once', async () => {
    const { lists, master, requests } = listsWith({
      outcome: {
        kind: 'rejected',
        brokerCode: 'e-session-0007',
        brokerDescription: 'Token invalid',
        isSessionInvalid: true,
      },
    })
    await lists.open()
    expect(await master()).toEqual({ isHad: false, problem: 'Token invalid (e-session-0007)' })
    await master()
    expect(requests).toHaveLength(2)
    expect(requests[1]).toEqual([
      'session.report-invalid',
      { account: 'primary', api: 'market', epoch: 7, brokerDescription: 'Token invalid' },
    ])
  })

  it.each<[string, Buffer, string]>([
    [
      'an error with HTTP 200',
      Buffer.from('{"type":"error","code":"e-1","description":"Not now"}'),
      'Not now (e-1)',
    ],
    ['a web page', Buffer.from('<html></html>'), 'HTTP 200 with HTML'],
    ['half a list', masterAnswer('NSECM|1').subarray(0, -4), 'it breaks off within the list'],
  ])('say that %s is no list', async (_, answer, problem) => {
    const lists = new BrokerLists({
      auth: { request: () => Promise.reject(new Error('no session')) },
      account: 'primary',
      connect: () => ({
        downloadMaster: async (__, receiveBody) => {
          receiveBody()(answer)
          return { kind: 'ok', value: undefined }
        },
        indexList: async () => ({ kind: 'ok', value: [] }),
      }),
      onProblem: () => undefined,
    })
    expect(await lists.master('NSECM', inProcessWorkshop())).toEqual({ isHad: false, problem })
  })
})
