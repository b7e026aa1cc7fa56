/** Injection token of the account that a request without `account` means. */
export const DEFAULT_ACCOUNT = Symbol('DEFAULT_ACCOUNT')
/** Injection token of the function that gives the broker's page for a person's login. */
export const LOGIN_PAGE = Symbol('LOGIN_PAGE')
