import { createHash } from 'node:crypto'
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
import { withoutSecrets } from './without-secrets'

/** The unattended login to one of the broker's APIs. */
export interface BrokerLogin {
  /** Names server and keys without giving them away: a token is only used again by the login it came from. */
  readonly id: string
  /** What it answers never holds one of the keys. */
  logIn(): Promise<CallOutcome<XtsLogin>>
}
export type BrokerLogins = Readonly<Record<BrokerApi, BrokerLogin>>

interface LoginKeys {
  readonly appKey: string
  readonly secretKey: string
}

/** The logins with the secrets of the settings. */
export function brokerLogins(
  settings: AuthSettings,
  http: Readonly<Record<BrokerApi, HttpCaller>>,
  profile: BrokerProfile,
): BrokerLogins {
  const interactive: LoginKeys = {
    appKey: settings.JAINAM_INTERACTIVE_API_KEY,
    secretKey: settings.JAINAM_INTERACTIVE_API_SECRET,
  }
  const market: LoginKeys = {
    appKey: settings.JAINAM_MARKET_API_KEY,
    secretKey: settings.JAINAM_MARKET_API_SECRET,
  }
  return {
    interactive: {
      id: loginId(profile, interactive),
      logIn: async () =>
        cleaned(await loginInteractive({ http: http.interactive, profile, ...interactive }), interactive),
    },
    market: {
      id: loginId(profile, market),
      logIn: async () => cleaned(await loginMarket({ http: http.market, profile, ...market }), market),
    },
  }
}

function loginId({ baseUrl }: BrokerProfile, { appKey }: LoginKeys): string {
  return createHash('sha256').update(`${baseUrl}\n${appKey}`).digest('hex')
}

/** A refusal may quote what was sent. */
function cleaned(outcome: CallOutcome<XtsLogin>, keys: LoginKeys): CallOutcome<XtsLogin> {
  const clean = (text: string): string => withoutSecrets(text, [keys.secretKey, keys.appKey])
  switch (outcome.kind) {
    case 'ok':
      return outcome
    case 'rejected':
      return { ...outcome, brokerDescription: clean(outcome.brokerDescription) }
    case 'not-sent':
    case 'unknown':
      return { ...outcome, reason: clean(outcome.reason) }
  }
}
