import { BROKER_APIS, type BrokerApi } from '@xts-bridge/contracts'
import type { Metrics } from '@xts-bridge/runtime'
import type { AccountSessions } from './sessions/account-sessions'

export interface AuthCounts {
  login(api: BrokerApi, outcome: string): void
  report(api: BrokerApi, outcome: string): void
  keyCheck(outcome: string): void
  answered(subject: string, outcome: string): void
}

/** Declares auth-service's metrics and returns what counts them. */
export function countAuth(metrics: Metrics): AuthCounts {
  const counter = (name: string, help: string, labels: readonly string[]) =>
    metrics.counter({ name, help, labels })
  const logins = counter('auth_logins_total', 'Logins to the broker by outcome', ['api', 'outcome'])
  const reports = counter('auth_session_reports_total', 'Reports of a refused token by what was done', [
    'api',
    'outcome',
  ])
  const keyChecks = counter('auth_key_checks_total', 'API keys seen at the door by who held them', [
    'outcome',
  ])
  const answered = counter('auth_requests_total', 'Bus requests answered', ['subject', 'outcome'])
  return {
    login: (api, outcome) => logins.inc({ api, outcome }),
    report: (api, outcome) => reports.inc({ api, outcome }),
    keyCheck: (outcome) => keyChecks.inc({ outcome }),
    answered: (subject, outcome) => answered.inc({ subject, outcome }),
  }
}

/** Gauges, read at the scrape. */
export function measureSessions(metrics: Metrics, sessions: AccountSessions): void {
  metrics.gauge({
    name: 'auth_live_sessions',
    help: 'Broker sessions that are live',
    read: () => sessions.states().filter(({ state }) => state === 'live').length,
  })
  for (const api of BROKER_APIS) {
    metrics.gauge({
      name: `auth_${api}_session_live`,
      help: `1 while the ${api} session is live`,
      read: () => sessions.states().filter((one) => one.api === api && one.state === 'live').length,
    })
    metrics.gauge({
      name: `auth_${api}_session_contested`,
      help: `1 while another program keeps taking the ${api} session and nobody has said session.resume`,
      read: () => sessions.states().filter((one) => one.api === api && one.state === 'contested').length,
    })
  }
}
