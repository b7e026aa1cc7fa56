import type { EventPublisher } from '@xts-bridge/bus'
import type { SessionEventTopic, SessionState } from '@xts-bridge/contracts'

/** What auth-service tells the house. A SessionState has no token, and no event carries anything else of a session. */
export class AuthEvents {
  constructor(private readonly publisher: Pick<EventPublisher, 'publish'>) {}

  session(topic: Exclude<SessionEventTopic, 'key.revoked'>, state: SessionState): void {
    this.publisher.publish(topic, state)
  }

  keyRevoked(keyId: string): void {
    this.publisher.publish('key.revoked' satisfies SessionEventTopic, { keyId })
  }
}
