import { HTML_ERROR_PAGE } from '../wire/envelopes'
import type { Broker } from '../rest/broker'
import type { Api } from '../state/session-registry'
import { numberIn, type ArmedFault, type FaultDefinition } from './fault-kinds'
import { LOGINS, pageReply, refusedReply } from './reply-parts'

const session = { group: 'sessions', proof: 'session-faults', count: 1 } as const

/** What can happen to logins and tokens. */
export const SESSION_FAULTS = {
  'token-revoked': {
    ...session,
    means: 'all tokens (or those of one api) end; sockets get logout and are dropped',
    at: { action: (broker, { match }) => broker.sessions.revoke(match.api) },
  },
  'session-contest': {
    ...session,
    count: 'always',
    everyMs: 2000,
    means: 'another program logs in with the same keys again and again: each time the token dies',
    at: { action: logInAsRival },
  },
  'false-logout': {
    ...session,
    means: 'sockets are told logout although the token lives on and the sockets stay',
    at: { action: tellLogout },
  },
  'login-refused-ip': {
    ...session,
    count: 'always',
    calls: LOGINS,
    means: 'logins are refused because the address is not a trusted IP: e-user-0013',
    at: { request: () => refusedReply('e-user-0013', 'Login is allowed from a trusted IP only') },
  },
  'login-500': {
    ...session,
    calls: LOGINS,
    means: 'a login is answered with an HTML page and status 500; there is no session',
    at: { request: () => pageReply(500, HTML_ERROR_PAGE) },
  },
  'login-slow': {
    ...session,
    calls: LOGINS,
    means: 'a login is answered delayMs later',
    parameters: { delayMs: { value: 5000, means: 'until the answer goes out' } },
    at: { delay: (reply, _, fault) => ({ ...reply, delayMs: reply.delayMs + numberIn(fault, 'delayMs') }) },
  },
} satisfies Record<string, FaultDefinition>

export const apisOf = ({ match }: ArmedFault): readonly Api[] =>
  match.api === undefined ? ['interactive', 'market'] : [match.api]

/** Only keys somebody is logged in with are contested: a login that nobody loses is no contest. */
function logInAsRival(broker: Broker, fault: ArmedFault): number {
  let lost = 0
  for (const api of apisOf(fault)) {
    for (const { account } of broker.sessions.live(api)) {
      const keys =
        api === 'interactive'
          ? { appKey: account.interactiveKey, secretKey: account.interactiveSecret }
          : { appKey: account.marketKey, secretKey: account.marketSecret }
      broker.sessions.login(api, keys)
      lost++
    }
  }
  return lost
}

function tellLogout(broker: Broker, fault: ArmedFault): number {
  const sockets = apisOf(fault).flatMap((api) =>
    broker.sessions.live(api).flatMap((live) => [...live.sockets]),
  )
  const text = JSON.stringify({
    type: 'success',
    code: 's-user-0001',
    description: 'successfully logout from all API.',
    result: '',
  })
  for (const socket of sockets) socket.emit('logout', text)
  return sockets.length
}
