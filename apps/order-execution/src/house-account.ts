import { AppError, type Caller } from '@xts-bridge/contracts'

/** What a story knows of its request beside the data. */
export interface CallerContext {
  readonly caller: Pick<Caller, 'clientIDs'>
  readonly clientOrderId?: string | undefined
  readonly deadlineAtMs?: number | undefined
}

/** The one account this house trades; a request without an account means it. */
export class HouseAccount {
  constructor(readonly name: string) {}

  /** Throws ACCOUNT_UNKNOWN for any other account. */
  check(account: string | undefined): void {
    if (account !== undefined && account !== this.name)
      throw new AppError('ACCOUNT_UNKNOWN', { account, served: this.name })
  }
}
