import { AppError, type BrokerApi, type SessionState } from '@xts-bridge/contracts'
import type { SessionKeeper } from './session-keeper'

/** Every session of this house: one keeper per account and API, each independent of the others. */
export class AccountSessions {
  constructor(private readonly keepers: readonly SessionKeeper[]) {}

  async start(): Promise<void> {
    await Promise.all(this.keepers.map((keeper) => keeper.start()))
  }

  async stop(): Promise<void> {
    await Promise.all(this.keepers.map((keeper) => keeper.stop()))
  }

  /** Throws SESSION_UNAVAILABLE for an account that is not of this house. */
  keeper(account: string, api: BrokerApi): SessionKeeper {
    const found = this.keepers.find((keeper) => keeper.account === account && keeper.api === api)
    if (found) return found
    throw new AppError('SESSION_UNAVAILABLE', { account, api, problem: 'no such account is configured' })
  }

  states(account?: string): readonly SessionState[] {
    return this.keepers
      .filter((keeper) => account === undefined || keeper.account === account)
      .map((keeper) => keeper.state())
  }
}
