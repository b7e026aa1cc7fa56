import type { Api, Session } from '../state/session-registry'
import { tokenRefusal, type Answer } from '../wire/envelopes'
import type { Broker } from './broker'

/** The session of a request, or the broker's words for what is wrong with its token. */
export function checkToken(broker: Broker, api: Api, token: string | undefined): Session | Answer {
  const check = broker.sessions.check(api, token, broker.clock.nowMs())
  if (check.kind === 'ok') return check.session
  const [code, description] = wordsFor(api, check.kind)
  return tokenRefusal(code, description, broker.choices.tokenErrorStatus)
}

function wordsFor(api: Api, wrong: 'missing' | 'unknown' | 'ended' | 'expired'): readonly [string, string] {
  if (wrong === 'missing') return ['e-token-0002', 'Please Provide token to Authenticate']
  if (api === 'market') return ['e-session-0007', 'Invalid Token']
  if (wrong === 'expired') return ['e-session-0005', 'Your session has been expired']
  return [wrong === 'ended' ? 'e-session-0005' : 'e-session-0007', 'Token/Authorization not found']
}
