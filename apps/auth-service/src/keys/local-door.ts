import { authorise, keyDigest } from '@xts-bridge/access'
import type { RequestDoor } from '@xts-bridge/bus'
import { AppError, type Caller, type Subject } from '@xts-bridge/contracts'
import type { KeyRegister } from './key-register'

export interface LocalDoorOptions {
  readonly keys: Pick<KeyRegister, 'identify'>
  readonly defaultAccount: string
  onChecked?(outcome: 'service' | 'user' | 'refused'): void
}

/** auth-service's own door: it asks its register, not the bus, and remembers nothing, so a revoked key dies at once. */
export class LocalDoor implements RequestDoor {
  constructor(private readonly options: LocalDoorOptions) {}

  /** Throws KEY_MISSING, KEY_INVALID, SCOPE_MISSING, ACCOUNT_NOT_ALLOWED, CLIENT_NOT_ALLOWED. */
  async admit(request: { subject: Subject; apiKey: string | undefined; data: unknown }): Promise<Caller> {
    const { subject, apiKey, data } = request
    if (apiKey === undefined || apiKey === '') throw this.refused(new AppError('KEY_MISSING'))
    const caller = await this.options.keys.identify(keyDigest(apiKey))
    if (!caller) throw this.refused(new AppError('KEY_INVALID'))
    this.options.onChecked?.(caller.kind)
    authorise(caller, subject, data, { defaultAccount: this.options.defaultAccount })
    return caller
  }

  private refused(error: AppError): AppError {
    this.options.onChecked?.('refused')
    return error
  }
}
