import type { ClientIdPolicy, XtsToken } from './model'

/**
 * The clientID of a call: what the caller named, else what the profile's policy says. Undefined means: do not send the
 * field. An investor's login never sends one of its own accord. Source: MAPPING.md, "clientID".
 */
export function clientIdFor(
  policy: ClientIdPolicy,
  token: XtsToken,
  named: string | undefined,
): string | undefined {
  if (named !== undefined) return named
  if (token.isInvestorClient) return undefined
  switch (policy) {
    case 'none':
      return undefined
    case 'login-user':
      return token.userId
    case 'client-code':
      return token.clientCodes[0]
    case '*****':
      return '*****'
    case 'PRO':
      return 'PRO'
  }
}
