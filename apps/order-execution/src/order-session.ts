import type { SessionFollower } from '@xts-bridge/access'
import type { SessionPort } from './ports'

/** The interactive session in force, and which client codes of the broker's rows are the login's own. */
export class OrderSession implements SessionPort {
  private readonly learned = new Set<string>()

  constructor(private readonly follower: Pick<SessionFollower, 'token' | 'epoch' | 'reportInvalid'>) {}

  get epoch(): number | undefined {
    return this.follower.epoch
  }

  get ownCodes(): readonly string[] {
    const session = this.follower.token()
    const ofSession = session === undefined ? [] : [session.userId, ...session.clientCodes]
    return [...ofSession, ...this.learned]
  }

  learnOwnCode(code: string): void {
    if (code !== '') this.learned.add(code)
  }

  reportInvalid(epoch: number | undefined, brokerDescription: string): void {
    this.follower.reportInvalid(epoch, brokerDescription)
  }
}
