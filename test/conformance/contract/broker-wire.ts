import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { setTimeout as wait } from 'node:timers/promises'

/** What came back, unread: `body` is undefined when the text is not JSON. */
export interface WireAnswer {
  readonly status: number
  readonly contentType: string
  readonly text: string
  readonly body: unknown
}

export interface WireCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With its query. */
  readonly path: string
  readonly token?: string | undefined
  readonly body?: unknown
}

const ANSWERED_WITHIN_MS = 60_000

/**
 * The least that speaks to an XTS server: HTTP/1.1, the raw token as `authorization`, JSON both ways. It knows nothing of
 * libs/xts on purpose. Calls go one after the other, `paceMs` apart, so that no rate limit of a real broker is met.
 */
export class BrokerWire {
  private lastCall: Promise<unknown> = Promise.resolve()

  constructor(
    readonly baseUrl: string,
    private readonly o: { readonly verifyTls: boolean; readonly paceMs: number },
  ) {}

  call(call: WireCall): Promise<WireAnswer> {
    const answer = this.lastCall.then(() => this.send(call))
    this.lastCall = answer.then(
      () => wait(this.o.paceMs),
      () => wait(this.o.paceMs),
    )
    return answer
  }

  private send(call: WireCall): Promise<WireAnswer> {
    const url = new URL(this.baseUrl + call.path)
    const text = call.body === undefined ? undefined : JSON.stringify(call.body)
    const headers = {
      accept: 'application/json',
      ...(call.token === undefined ? {} : { authorization: call.token }),
      ...(text === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    }
    const options = { method: call.method, headers, timeout: ANSWERED_WITHIN_MS }
    return new Promise((resolve, reject) => {
      const request =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, rejectUnauthorized: this.o.verifyTls })
          : httpRequest(url, options)
      // The path may hold a token in its query; only what stands before it is told.
      const failed = (error: Error): void =>
        reject(new Error(`${call.method} ${url.pathname}: ${error.message}`, { cause: error }))
      request.once('timeout', () => request.destroy(new Error('no answer in time')))
      request.once('error', failed)
      request.once('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', failed)
        response.once('end', () => {
          const body = Buffer.concat(chunks).toString()
          const contentType = response.headers['content-type'] ?? ''
          resolve({ status: response.statusCode ?? 0, contentType, text: body, body: readJson(body) })
        })
      })
      request.end(text)
    })
  }
}

export function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
