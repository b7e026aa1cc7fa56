import type { Api, Session } from '../state/session-registry'
import { refusal, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'

/** The session of a request, or the broker's words for what is wrong with its token. */
export function checkToken(broker: Broker, api: Api, token: string | undefined): Session | Answer {
  const check = broker.sessions.check(api, token, broker.clock.nowMs())
  if (check.kind === 'ok') return check.session
  if (check.kind === 'missing') return refusal('e-token-0002', 'Please Provide token to Authenticate')
  if (api === 'market') return refusal('e-session-0007', 'Invalid Token')
  if (check.kind === 'expired') return refusal('e-session-0005', 'Your session has been expired')
  return refusal(
    check.kind === 'ended' ? 'e-session-0005' : 'e-session-0007',
    'Token/Authorization not found',
  )
}
