import type { BrokerApi } from '@xts-bridge/contracts'
import type { HttpCaller } from '@xts-bridge/http'
import {
  loginInteractive,
  loginMarket,
  type BrokerProfile,
  type CallOutcome,
  type XtsLogin,
} from '@xts-bridge/xts'
import type { AuthSettings } from '../settings'
import type { BrokerLogin } from './session-keeper'
import { withoutSecrets } from './without-secrets'

/** The unattended logins, with the secrets of the settings. What they answer never holds one of them. */
export function brokerLogins(
  settings: AuthSettings,
  http: HttpCaller,
  profile: BrokerProfile,
): Readonly<Record<BrokerApi, BrokerLogin>> {
  const interactive = {
    appKey: settings.JAINAM_INTERACTIVE_API_KEY,
    secretKey: settings.JAINAM_INTERACTIVE_API_SECRET,
  }
  const market = { appKey: settings.JAINAM_MARKET_API_KEY, secretKey: settings.JAINAM_MARKET_API_SECRET }
  return {
    interactive: quoting(
      () => loginInteractive({ http, profile, ...interactive }),
      Object.values(interactive),
    ),
    market: quoting(() => loginMarket({ http, profile, ...market }), Object.values(market)),
  }
}

/** The login with every secret cut out of what it says when it fails. */
export function quoting(login: BrokerLogin, secrets: readonly string[]): BrokerLogin {
  return async () => cleanFailure(await login(), secrets)
}

function cleanFailure(outcome: CallOutcome<XtsLogin>, secrets: readonly string[]): CallOutcome<XtsLogin> {
  switch (outcome.kind) {
    case 'ok':
      return outcome
    case 'rejected':
      return { ...outcome, brokerDescription: withoutSecrets(outcome.brokerDescription, secrets) }
    case 'not-sent':
    case 'unknown':
      return { ...outcome, reason: withoutSecrets(outcome.reason, secrets) }
  }
}
