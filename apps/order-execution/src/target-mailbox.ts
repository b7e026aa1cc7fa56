import { AppError } from '@xts-bridge/contracts'

interface Letter {
  readonly act: () => Promise<unknown>
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: unknown) => void
}

interface Mailbox {
  waiting?: Letter | undefined
}

/** One target at a time for each position; of those that wait, only the newest will be acted on. */
export class TargetMailboxes {
  private readonly busy = new Map<string, Mailbox>()

  /** Runs `act` when the position is free. Throws SMART_ORDER_SUPERSEDED when a newer target came before that. */
  submit<T>(key: string, act: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const letter: Letter = { act, resolve: (answer) => resolve(answer as T), reject }
      const mailbox = this.busy.get(key)
      if (mailbox === undefined) {
        void this.work(key, letter)
        return
      }
      mailbox.waiting?.reject(new AppError('SMART_ORDER_SUPERSEDED'))
      mailbox.waiting = letter
    })
  }

  private async work(key: string, first: Letter): Promise<void> {
    const mailbox: Mailbox = {}
    this.busy.set(key, mailbox)
    for (let letter: Letter | undefined = first; letter !== undefined; letter = takeWaiting(mailbox)) {
      await letter.act().then(letter.resolve, letter.reject)
    }
    this.busy.delete(key)
  }
}

function takeWaiting(mailbox: Mailbox): Letter | undefined {
  const { waiting } = mailbox
  mailbox.waiting = undefined
  return waiting
}
