import type { HttpCaller, HttpOutcome, HttpRequest } from '@xts-bridge/http'

type Answer = HttpOutcome | ((request: HttpRequest) => HttpOutcome)

/** Plays the network: hands out the answers in turn (the last one for ever) and keeps what was sent. */
export class FakeHttp {
  readonly sent: HttpRequest[] = []

  constructor(private readonly answers: Answer[]) {}

  async call(request: HttpRequest): Promise<HttpOutcome> {
    try {
      request.beforeStart?.()
    } catch (error) {
      return {
        kind: 'not-sent',
        reason: error instanceof Error ? error.message : String(error),
        isHeldBack: true,
      }
    }
    this.sent.push(request)
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0]
    if (answer === undefined) throw new Error('the test gave no answer')
    return typeof answer === 'function' ? answer(request) : answer
  }

  asCaller(): HttpCaller {
    return this as unknown as HttpCaller
  }
}

export function success(result: unknown, code = 's-orders-0001'): HttpOutcome {
  return answered(200, { type: 'success', code, description: 'ok', result })
}

export function failure(status: number, code: string, description = 'no'): HttpOutcome {
  return answered(status, { type: 'error', code, description })
}

export function answered(status: number, envelope: unknown): HttpOutcome {
  return {
    kind: 'answered',
    status,
    text: typeof envelope === 'string' ? envelope : JSON.stringify(envelope),
  }
}
