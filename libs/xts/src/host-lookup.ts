import type { HttpCaller } from '@xts-bridge/http'
import { outcomeOfRead } from './call-outcome'
import { isRecord, requiredText } from './fields'
import type { BrokerProfile, CallOutcome } from './model'
import { quoted, Unreadable } from './unreadable'

/** The node of a cluster that a login must go to. */
export interface FoundHost {
  /** Sent with the login in place of, or beside, the source. */
  readonly uniqueKey: string
  /** `/7hostlookup`; the login is posted under it. */
  readonly loginPrefix: string
  /** `/7interactive`; the calls of the session go under it. */
  readonly interactivePrefix: string
}

/**
 * `POST hostlookup`: which node of the broker's cluster to log in at. The node changes between lookups, so it belongs to
 * the token it gave. A connection string that names another server is unknown territory: it is reported, not followed.
 */
export async function lookUpHost(options: {
  readonly http: HttpCaller
  readonly profile: BrokerProfile
}): Promise<CallOutcome<FoundHost>> {
  const { http, profile } = options
  const { path, version, accessPassword } = profile.hostLookup
  const outcome = await http.call({
    family: 'read',
    method: 'POST',
    path,
    body: { accesspassword: accessPassword, version },
  })
  return outcomeOfRead(outcome, { read: (result) => readFoundHost(result, profile) })
}

function readFoundHost(result: unknown, profile: BrokerProfile): FoundHost {
  if (!isRecord(result)) throw new Unreadable('the host lookup has no result')
  const uniqueKey = requiredText(result, 'uniqueKey')
  const loginPrefix = pathOf(requiredText(result, 'connectionString'), profile)
  const interactivePrefix = loginPrefix.replace(/(\w*)hostlookup$/i, '$1interactive')
  return {
    uniqueKey,
    loginPrefix: loginPrefix === '' ? profile.interactivePrefix : loginPrefix,
    interactivePrefix: interactivePrefix === '' ? profile.interactivePrefix : interactivePrefix,
  }
}

/** Some builds wrap it in back-ticks or blanks, some give a path alone. */
function pathOf(connectionString: string, profile: BrokerProfile): string {
  const text = connectionString.replace(/[`\s]/g, '').replace(/\/+$/, '')
  const base = new URL(profile.baseUrl)
  let url: URL
  try {
    url = new URL(text, base.origin)
  } catch {
    throw new Unreadable(`the host lookup gave no address: ${quoted(connectionString)}`)
  }
  if (url.host !== base.host)
    throw new Unreadable(
      `the host lookup names ${url.host}, not ${base.host}; set XTS_BASE_URL to that server`,
    )
  return url.pathname.replace(/\/+$/, '')
}
