import connect from 'socket.io-client'
import { readJson } from './broker-wire'
import type { ContractSessions } from './contract-sessions'

const HEARD_WITHIN_MS = 15_000

/** Both sockets with the generation of library that the broker's own clients use. */
export function socketJoins(sessions: () => ContractSessions): void {
  const interactiveQuery = () => ({ token: sessions().interactiveToken, apiType: 'INTERACTIVE' })
  const marketQuery = () => ({
    token: sessions().marketToken,
    publishFormat: 'JSON',
    broadcastMode: 'Full',
  })

  describe('sockets', () => {
    it.each(['websocket', 'polling'])('joins the order socket over %s', async (transport) => {
      const path = `${sessions().target.interactivePrefix}/socket.io`
      expect(await firstWord(sessions(), path, { ...interactiveQuery(), transport })).toEqual({
        type: 'success',
        code: 's-socket-0001',
        description: expect.stringMatching(/^Socket joined successfully!/),
      })
    })

    it('joins the market-data socket, which names itself', async () => {
      const path = `${sessions().target.marketPrefix}/socket.io`
      expect(await firstWord(sessions(), path, { ...marketQuery(), transport: 'websocket' })).toEqual({
        type: 'success',
        code: 's-socket-0001',
        description: expect.stringMatching(/^Socket joined successfully! SocketId=\S+$/),
      })
    })

    it('lets nobody in without a good token', async () => {
      const path = `${sessions().target.marketPrefix}/socket.io`
      const refused = firstWord(sessions(), path, { ...marketQuery(), token: 'none', transport: 'websocket' })
      await expect(refused).rejects.toThrow(/refused/)
    })
  })
}

/** What `joined` says. Rejects when the broker refuses, disconnects or stays silent. */
async function firstWord(
  { target, userId }: ContractSessions,
  path: string,
  { transport, ...query }: Readonly<Record<string, string>>,
): Promise<unknown> {
  const socket = connect(target.baseUrl, {
    path,
    query: { ...query, userID: userId },
    transports: [transport ?? 'websocket'],
    upgrade: false,
    reconnection: false,
    forceNew: true,
    rejectUnauthorized: target.verifyTls,
    // Newer Node has a WebSocket of its own, which would not heed these options; the types do not know the switch.
    ...{ forceNode: true },
  })
  let deadline: NodeJS.Timeout | undefined
  try {
    return await new Promise<unknown>((resolve, reject) => {
      const refuse = (why: string) => () => reject(new Error(`the socket was refused: ${why}`))
      deadline = setTimeout(refuse('nothing was said'), HEARD_WITHIN_MS)
      socket.on('joined', (text: unknown) => resolve(typeof text === 'string' ? readJson(text) : text))
      socket.on('error', refuse('an error'))
      socket.on('connect_error', refuse('no connection'))
      socket.on('disconnect', refuse('disconnected'))
    })
  } finally {
    clearTimeout(deadline)
    socket.close()
  }
}
