import type { BrokerSession, Segment, Subject } from '@xts-bridge/contracts'
import type { CallOutcome, ListedIndex, MasterAnswerEnd, TokenSource } from '@xts-bridge/xts'
import type { Workshop } from './workshop'

/** The broker's calls that give lists. */
export interface ListCalls {
  downloadMaster(
    segment: Segment,
    receiveBody: () => (piece: Uint8Array) => void,
  ): Promise<CallOutcome<undefined>>
  indexList(segment: Segment): Promise<CallOutcome<readonly ListedIndex[]>>
}

export interface BrokerListsOptions {
  readonly auth: { request<T>(subject: Subject, data: unknown): Promise<T> }
  readonly account: string
  /** Makes the calls with a token. */
  readonly connect: (token: TokenSource) => ListCalls
  readonly onProblem: (message: string, error: unknown) => void
}

/** A list that was had, or why it was not. */
export type Download<T> =
  { readonly isHad: true; readonly value: T } | { readonly isHad: false; readonly problem: string }

/**
 * The lists as the broker has them now. Jainam serves them without a login (xts MAPPING.md, "Master"), so a missing
 * session stops nothing; an installation that wants one refuses the download and says so.
 */
export class BrokerLists {
  private session: BrokerSession | undefined
  private readonly calls: ListCalls

  constructor(private readonly options: BrokerListsOptions) {
    this.calls = options.connect(() => this.session)
  }

  /** Takes the session in force, if there is one. */
  async open(): Promise<void> {
    const { account, auth, onProblem } = this.options
    try {
      this.session = await auth.request<BrokerSession>('session.get', { account, api: 'market' })
    } catch (error) {
      this.session = undefined
      onProblem('lists are downloaded without a session', error)
    }
  }

  /** One segment's list, byte for byte into the workshop. An empty one is had as well: the broker has nothing there. */
  async master(
    segment: Segment,
    workshop: Pick<Workshop, 'begin' | 'addBytes' | 'endMaster'>,
  ): Promise<Download<undefined>> {
    const outcome = await this.calls.downloadMaster(segment, () => {
      workshop.begin(segment)
      return (piece) => workshop.addBytes(piece)
    })
    const end = outcome.kind === 'ok' ? outcomeOfAnswer(await workshop.endMaster()) : outcome
    return this.downloadOf(end)
  }

  /** The indices of a cash segment. */
  async indices(segment: Segment): Promise<Download<readonly ListedIndex[]>> {
    return this.downloadOf(await this.calls.indexList(segment))
  }

  private async downloadOf<T>(outcome: CallOutcome<T>): Promise<Download<T>> {
    if (outcome.kind === 'ok') return { isHad: true, value: outcome.value }
    if (outcome.kind === 'rejected' && outcome.isSessionInvalid)
      await this.reportInvalid(outcome.brokerDescription)
    return { isHad: false, problem: describe(outcome) }
  }

  private async reportInvalid(brokerDescription: string): Promise<void> {
    if (this.session === undefined) return
    const { account, auth, onProblem } = this.options
    const { epoch } = this.session
    const report = { account, api: 'market', epoch, brokerDescription: brokerDescription.slice(0, 500) }
    // Said once: the segments that follow are asked for without it.
    this.session = undefined
    try {
      await auth.request('session.report-invalid', report)
    } catch (error) {
      onProblem('refused session could not be reported', error)
    }
  }
}

function outcomeOfAnswer(end: MasterAnswerEnd): CallOutcome<undefined> {
  switch (end.kind) {
    case 'list':
      return { kind: 'ok', value: undefined }
    case 'unreadable':
      return { kind: 'unknown', reason: end.problem }
    case 'refused': {
      const { code, description, isSessionInvalid } = end
      return { kind: 'rejected', brokerCode: code, brokerDescription: description, isSessionInvalid }
    }
  }
}

function describe(outcome: Exclude<CallOutcome<unknown>, { kind: 'ok' }>): string {
  return outcome.kind === 'rejected' ? `${outcome.brokerDescription} (${outcome.brokerCode})` : outcome.reason
}
