import type { TickMode } from '@xts-bridge/contracts'

/** A symbol as the client wrote it; whether it exists is for the instrument list to say. */
export interface NamedSymbol {
  readonly symbol: string
  readonly exchange: string
}

/** `mode` is missing where the client named none: then every mode it holds of the symbol is meant. */
export interface UnsubscribedSymbol extends NamedSymbol {
  readonly mode?: TickMode | undefined
}

/** What every request may carry to be recognised by in its answer. */
interface Recognised {
  readonly requestId?: unknown
}

/** One request of a client, read and checked. */
export type ClientRequest = Recognised &
  (
    | { readonly verb: 'authenticate'; readonly apiKey: string }
    | { readonly verb: 'subscribe'; readonly symbols: readonly NamedSymbol[]; readonly mode: TickMode }
    | { readonly verb: 'unsubscribe'; readonly symbols: readonly UnsubscribedSymbol[] }
    | { readonly verb: 'unsubscribe-all' }
    | { readonly verb: 'subscribe-orders' | 'unsubscribe-orders' }
    | { readonly verb: 'broker-info' }
    | { readonly verb: 'supported-brokers' }
    | { readonly verb: 'ping'; readonly timestamp?: unknown; readonly pingId?: unknown }
  )

export type ClientVerb = ClientRequest['verb']

/** Codes of the error frames. Source: the ecosystem's error-code catalogue. */
export const CLIENT_ERROR_CODES = [
  'INVALID_JSON',
  'INVALID_ACTION',
  'INVALID_MODE',
  'INVALID_PARAMETERS',
  'AUTHENTICATION_ERROR',
  'NOT_AUTHENTICATED',
  'PROCESSING_ERROR',
] as const
export type ClientErrorCode = (typeof CLIENT_ERROR_CODES)[number]

/** A request that cannot be answered as asked; its message goes to the client as it is. */
export class ClientError extends Error {
  constructor(
    readonly code: ClientErrorCode,
    message: string,
    readonly requestId?: unknown,
  ) {
    super(message)
  }
}
