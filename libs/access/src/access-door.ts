import type { RequestDoor } from '@xts-bridge/bus'
import type { Caller, Subject } from '@xts-bridge/contracts'
import { authorise } from './authorise'
import type { KeyCheck } from './key-check'

export interface AccessDoorOptions {
  readonly keys: KeyCheck
  /** The account that a request without `account` means. */
  readonly defaultAccount?: string
}

/** The door of a service that is not auth-service: who is it, and may they. */
export class AccessDoor implements RequestDoor {
  constructor(private readonly options: AccessDoorOptions) {}

  /** Throws KEY_MISSING, KEY_INVALID, KEY_CHECK_UNAVAILABLE, SCOPE_MISSING, ACCOUNT_NOT_ALLOWED, CLIENT_NOT_ALLOWED. */
  async admit(request: { subject: Subject; apiKey: string | undefined; data: unknown }): Promise<Caller> {
    const caller = await this.options.keys.verify(request.apiKey)
    authorise(caller, request.subject, request.data, { defaultAccount: this.options.defaultAccount })
    return caller
  }
}
