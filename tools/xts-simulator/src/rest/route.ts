import type { IncomingHttpHeaders } from 'node:http'
import type { Session } from '../state/session-registry'
import type { Answer } from '../wire/envelopes'
import type { Broker } from './broker'
import type { CallName } from './call-names'

/** One request whose sender need not be logged in. */
export interface OpenCall {
  readonly body: unknown
  readonly query: unknown
  readonly params: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
  /** `http://host:port`, as the sender wrote it. */
  readonly origin: string
}

/** One authenticated request. */
export interface Call extends OpenCall {
  readonly session: Session
}

interface RoutePlace {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** Under the prefix of its API. */
  readonly path: string
  readonly call: CallName
}

/** Which path is which story, and whether it needs a token. */
export type Route = RoutePlace &
  (
    | { readonly access: 'token'; story(broker: Broker, call: Call): Answer }
    | { readonly access: 'open'; story(broker: Broker, call: OpenCall): Answer }
  )
