import type { Api, Session, SessionRegistry } from '../state/session-registry'
import { refusal, type Answer } from '../wire/envelopes'

/** The session of a request, or the broker's words for what is wrong with its token. */
export function checkToken(sessions: SessionRegistry, api: Api, token: string | undefined): Session | Answer {
  const check = sessions.check(api, token, Date.now())
  if (check.kind === 'ok') return check.session
  if (check.kind === 'missing') return refusal('e-token-0002', 'Please Provide token to Authenticate')
  if (api === 'market') return refusal('e-session-0007', 'Invalid Token')
  if (check.kind === 'expired') return refusal('e-session-0005', 'Your session has been expired')
  return refusal(
    check.kind === 'ended' ? 'e-session-0005' : 'e-session-0007',
    'Token/Authorization not found',
  )
}
