import type { SegmentName } from '../universe/segments'

/**
 * How the login trades: `retail` for itself (clientID never needed), `dealer` for the clients mapped under it (clientID
 * required), `pro` on the firm's own book (clientID `*****`).
 */
export type AccountKind = 'retail' | 'dealer' | 'pro'

export const PRO_CLIENT_IDS: readonly string[] = ['*****', 'PRO']

/** A position an earlier day left. */
export interface CarriedPosition {
  readonly clientCode: string
  readonly segment: SegmentName
  readonly token: number
  readonly productType: string
  /** Units, negative when short. */
  readonly quantity: number
  /** Rupees. */
  readonly averagePrice: number
}

/** Shares in a client's demat account, by ISIN. */
export interface Holding {
  readonly clientCode: string
  readonly isin: string
  /** 0 where it is not listed. */
  readonly nseToken: number
  readonly bseToken: number
  readonly quantity: number
  /** Rupees; undefined when the broker does not know what was paid. */
  readonly averagePrice?: number | undefined
}

/** One login with its two key pairs, one per API. */
export interface Account {
  readonly kind: AccountKind
  readonly userId: string
  /** The codes it may trade for; the first is its own. */
  readonly clientCodes: readonly [string, ...string[]]
  /** Refuses MARKET and price 0, as accounts under the exchanges' algo rules do. */
  readonly isAlgoAccount: boolean
  /** Of each client that `clientCash` does not name. */
  readonly cashRupees: number
  /** Rupees by client code. */
  readonly clientCash?: Readonly<Record<string, number>> | undefined
  readonly interactiveKey: string
  readonly interactiveSecret: string
  readonly marketKey: string
  readonly marketSecret: string
  readonly carriedPositions?: readonly CarriedPosition[] | undefined
  readonly holdings?: readonly Holding[] | undefined
}

/** What a client of this login may trade with; rupees. */
export function cashOf(account: Pick<Account, 'cashRupees' | 'clientCash'>, clientCode: string): number {
  return account.clientCash?.[clientCode] ?? account.cashRupees
}

/** Whose book a request means, by the clientID it carries. */
export type ClientChoice =
  | { readonly kind: 'client'; readonly clientCode: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-mapped' }

/** The client of an order, cancel or modify. */
export function clientOfOrder(account: Account, clientID: string | undefined): ClientChoice {
  if (account.kind === 'retail') return ownOrNotMapped(account, clientID)
  if (account.kind === 'pro') {
    return clientID === undefined ? { kind: 'missing' } : proClient(account, clientID)
  }
  if (clientID === undefined) return { kind: 'missing' }
  return account.clientCodes.includes(clientID)
    ? { kind: 'client', clientCode: clientID }
    : { kind: 'not-mapped' }
}

/** The client of a book: a pro account may ask without clientID, a dealer must name one. */
export function clientOfBook(account: Account, clientID: string | undefined): ClientChoice {
  if (account.kind === 'dealer') return clientOfOrder(account, clientID)
  if (account.kind === 'retail' || clientID === undefined) return ownOrNotMapped(account, clientID)
  return proClient(account, clientID)
}

/** The client of a dealer book: nobody is mapped under a retail login, and a pro login names its own book by `*****` only. */
export function clientOfDealerBook(account: Account, clientID: string | undefined): ClientChoice {
  if (account.kind === 'retail') return { kind: 'not-mapped' }
  if (account.kind === 'dealer' || clientID === undefined) return clientOfOrder(account, clientID)
  return PRO_CLIENT_IDS.includes(clientID) ? proClient(account, clientID) : { kind: 'not-mapped' }
}

/** Whose limits a balance shows, and under which name. */
export type BalanceChoice =
  | { readonly kind: 'limits'; readonly clientCode: string; readonly accountId: string }
  | { readonly kind: 'none' }

/**
 * The balance is asked for with the login's id at some dealer hosts and with a client's code at others; without either
 * a dealer login sees its own.
 */
export function limitsOf(
  account: Account,
  clientID: string | undefined,
  dealerBalance: 'either' | 'login' | 'client',
): BalanceChoice {
  const own = account.clientCodes[0]
  if (account.kind !== 'retail' && (clientID === undefined || clientID === account.userId)) {
    return account.kind === 'dealer' && dealerBalance === 'client'
      ? { kind: 'none' }
      : { kind: 'limits', clientCode: own, accountId: account.userId }
  }
  if (account.kind === 'dealer' && dealerBalance === 'login') return { kind: 'none' }
  const choice = clientOfBook(account, clientID)
  return choice.kind === 'client'
    ? { kind: 'limits', clientCode: choice.clientCode, accountId: choice.clientCode }
    : { kind: 'none' }
}

function ownOrNotMapped(account: Account, clientID: string | undefined): ClientChoice {
  const own = account.clientCodes[0]
  return clientID === undefined || clientID === '' || clientID === own
    ? { kind: 'client', clientCode: own }
    : { kind: 'not-mapped' }
}

function proClient(account: Account, clientID: string): ClientChoice {
  const own = account.clientCodes[0]
  return PRO_CLIENT_IDS.includes(clientID) || clientID === own
    ? { kind: 'client', clientCode: own }
    : { kind: 'not-mapped' }
}
