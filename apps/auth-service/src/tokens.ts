/** Injection token of the account that a request without `account` means. */
export const DEFAULT_ACCOUNT = Symbol('DEFAULT_ACCOUNT')
