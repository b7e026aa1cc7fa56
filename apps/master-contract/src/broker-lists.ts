import { AppError, type BrokerSession, type Segment, type Subject } from '@xts-bridge/contracts'
import type { CallOutcome, ListedIndex, TokenSource } from '@xts-bridge/xts'

/** The broker's calls that give lists. */
export interface ListCalls {
  master(segments: readonly Segment[]): Promise<CallOutcome<string>>
  indexList(segment: Segment): Promise<CallOutcome<readonly ListedIndex[]>>
}

export interface BrokerListsOptions {
  readonly auth: { request<T>(subject: Subject, data: unknown): Promise<T> }
  readonly account: string
  /** Makes the calls with a token. */
  readonly connect: (token: TokenSource) => ListCalls
  readonly onProblem: (message: string, error: unknown) => void
}

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

  /** The text of one segment; empty when the broker has nothing there. Throws REFRESH_FAILED. */
  async master(segment: Segment): Promise<string> {
    return this.valueOf(`the list of ${segment}`, await this.calls.master([segment]))
  }

  /** The indices of a cash segment. Throws REFRESH_FAILED. */
  async indices(segment: Segment): Promise<readonly ListedIndex[]> {
    return this.valueOf(`the indices of ${segment}`, await this.calls.indexList(segment))
  }

  private async valueOf<T>(what: string, outcome: CallOutcome<T>): Promise<T> {
    if (outcome.kind === 'ok') return outcome.value
    if (outcome.kind === 'rejected' && outcome.isSessionInvalid)
      await this.reportInvalid(outcome.brokerDescription)
    throw new AppError('REFRESH_FAILED', { reason: `${what} could not be had: ${describe(outcome)}` })
  }

  private async reportInvalid(brokerDescription: string): Promise<void> {
    if (this.session === undefined) return
    const { account, auth, onProblem } = this.options
    const { epoch } = this.session
    const report = { account, api: 'market', epoch, brokerDescription: brokerDescription.slice(0, 500) }
    try {
      await auth.request('session.report-invalid', report)
    } catch (error) {
      onProblem('refused session could not be reported', error)
    }
  }
}

function describe(outcome: Exclude<CallOutcome<unknown>, { kind: 'ok' }>): string {
  return outcome.kind === 'rejected' ? `${outcome.brokerDescription} (${outcome.brokerCode})` : outcome.reason
}
