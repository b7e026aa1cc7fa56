import { AppError, SERVICE_SCOPES, SUBJECTS, type Caller, type Subject } from '@xts-bridge/contracts'

export interface AuthoriseOptions {
  /** The account that a request without `account` means; it is checked as if it had been named. */
  readonly defaultAccount?: string | undefined
}

const ALL = '*'

/** Subjects that act for, or read, one account. The others (instruments, quotes, keys) belong to no account. */
const ACCOUNT_SUBJECTS: readonly Subject[] = [
  'session.get',
  'session.report-invalid',
  'session.status',
  'session.resume',
  'session.login-page',
  'session.hand-over',
  'order.place',
  'order.smart',
  'order.modify',
  'order.cancel',
  'order.cancel-all',
  'order.dry-run',
  'order.status',
  'order.replay',
  'order.history',
  'book.orders',
  'book.trades',
  'book.positions',
  'book.open-position',
  'book.holdings',
  'book.funds',
  'position.convert',
]

/** Subjects whose request names a clientID, where leaving it out means whichever client the broker login stands for. */
const CLIENT_SUBJECTS: readonly Subject[] = [
  'order.place',
  'order.smart',
  'order.cancel-all',
  'order.dry-run',
  'book.orders',
  'book.trades',
  'book.positions',
  'book.open-position',
  'book.holdings',
  'book.funds',
  'position.convert',
]

/**
 * Decides whether the caller may make this request; pure, and before the request's schema is checked, so an account or
 * clientID that is not text counts as one the caller may not use. A caller who is held to certain clientIDs must name one
 * where the subject takes one. Throws SCOPE_MISSING, ACCOUNT_NOT_ALLOWED, CLIENT_NOT_ALLOWED.
 */
export function authorise(
  caller: Caller,
  subject: Subject,
  data: unknown,
  options: AuthoriseOptions = {},
): void {
  checkScope(caller, subject)
  if (ACCOUNT_SUBJECTS.includes(subject)) {
    const account = fieldOf(data, 'account') ?? options.defaultAccount
    if (!mayUseAccount(caller, account)) throw new AppError('ACCOUNT_NOT_ALLOWED', { account })
  }
  if (CLIENT_SUBJECTS.includes(subject)) {
    const clientId = fieldOf(data, 'clientID')
    if (!mayUseClient(caller, clientId)) throw new AppError('CLIENT_NOT_ALLOWED', { clientId })
  }
}

/** Whether the caller may act for, or see, this account; `undefined` (no account named and none meant) needs `*`. */
export function mayUseAccount(caller: Caller, account: unknown): boolean {
  return isListed(caller.accounts, account)
}

/** Whether the caller may act for, or see, this clientID; for replies that hold more than one client's rows. */
export function mayUseClient(caller: Caller, clientId: unknown): boolean {
  return isListed(caller.clientIDs, clientId)
}

function checkScope(caller: Caller, subject: Subject): void {
  const { scope } = SUBJECTS[subject]
  const isHeldBack = SERVICE_SCOPES.includes(scope) && caller.kind !== 'service'
  if (isHeldBack || !caller.scopes.includes(scope)) throw new AppError('SCOPE_MISSING', { scope, subject })
}

function isListed(allowed: readonly string[], value: unknown): boolean {
  if (allowed.includes(ALL)) return true
  return typeof value === 'string' && value !== ALL && allowed.includes(value)
}

function fieldOf(data: unknown, field: string): unknown {
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, field)) return undefined
  return (data as Readonly<Record<string, unknown>>)[field]
}
