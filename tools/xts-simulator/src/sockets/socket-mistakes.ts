import type { Mistake } from '../rest/client-mistakes'
import type { Session } from '../state/session-registry'

/** How a socket came in. */
export interface SocketComing {
  readonly session: Session
  /** Of Engine.IO. */
  readonly protocol: number
  readonly query: Readonly<Record<string, unknown>>
}

/** What works here and would not, or not so, at the real broker; in words. Never a token. */
export function socketMistakes({ session, protocol, query }: SocketComing): Mistake[] {
  const { api, account } = session
  const mistakes: Mistake[] = []
  if (query['userID'] !== account.userId) {
    const facts = { userID: query['userID'], expected: account.userId }
    mistakes.push({ sentence: 'a socket joined with a userID that is not the login result', facts })
  }
  if (protocol !== 3) {
    const facts = { protocol, broker: 3 }
    mistakes.push({ sentence: 'a socket speaks a newer Engine.IO than the broker; there it needs a 2.x client of Socket.IO', facts }) // prettier-ignore
  }
  if (session.sockets.size > 0) {
    const facts = { sockets: session.sockets.size + 1 }
    mistakes.push({ sentence: 'a session opens another socket; each of them hears every event', facts })
  }
  if (api === 'market') mistakes.push(...formMistakes(query))
  return mistakes
}

/** The broker does not say what it sends to a socket that asks for something else, or for nothing. */
function formMistakes(query: Readonly<Record<string, unknown>>): Mistake[] {
  const asks = [['publishFormat', ['JSON', 'BINARY']], ['broadcastMode', ['FULL', 'PARTIAL']]] as const // prettier-ignore
  return asks.flatMap(([name, words]) => {
    const sent = query[name]
    if ((words as readonly unknown[]).includes(typeof sent === 'string' ? sent.toUpperCase() : sent))
      return []
    return [
      { sentence: `a socket did not say its ${name} in a word the broker knows`, facts: { sent, words } },
    ]
  })
}
