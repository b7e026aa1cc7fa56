/** The answer to "may the caller send again?"; one per error code. */
export type ErrorKind = 'invalid' | 'refused' | 'unavailable' | 'rejected' | 'unknown' | 'internal'

interface ErrorRow {
  readonly kind: ErrorKind
  /** A sentence for a person; `{name}` is filled from the error's details. */
  readonly sentence: string
}

/** Every error that can leave the system: its kind and its sentence. Codes are stable; sentences may improve. */
export const ERROR_TABLE = {
  ENVELOPE_MALFORMED: { kind: 'invalid', sentence: 'The request is not a readable envelope: {problem}.' },
  SUBJECT_UNKNOWN: { kind: 'invalid', sentence: 'No service here answers the subject "{subject}".' },
  REQUEST_INVALID: { kind: 'invalid', sentence: 'The request breaks its contract: {problems}.' },
  DEADLINE_EXPIRED: {
    kind: 'refused',
    sentence:
      'The deadline passed {lateByMs} ms before the request could be carried out; it was not executed.',
  },
  KEY_MISSING: { kind: 'refused', sentence: 'The request carries no apiKey.' },
  KEY_INVALID: { kind: 'refused', sentence: 'The apiKey is not known, or it was revoked.' },
  KEY_NOT_FOUND: { kind: 'refused', sentence: 'No apiKey with the keyId "{keyId}" is known to you.' },
  KEY_CHECK_UNAVAILABLE: {
    kind: 'unavailable',
    sentence:
      'The apiKey could not be checked because the auth service does not answer; nothing was executed.',
  },
  SCOPE_MISSING: {
    kind: 'refused',
    sentence: 'The apiKey does not have the scope "{scope}" that "{subject}" needs.',
  },
  ACCOUNT_NOT_ALLOWED: { kind: 'refused', sentence: 'The apiKey may not act for the account "{account}".' },
  CLIENT_NOT_ALLOWED: { kind: 'refused', sentence: 'The apiKey may not act for the clientID "{clientId}".' },
  NOT_READY: { kind: 'unavailable', sentence: 'The service is not ready: {missing}.' },
  SERVICE_STOPPING: {
    kind: 'unavailable',
    sentence: 'The service is stopping; the request was not executed.',
  },
  REQUEST_NOT_SENT: {
    kind: 'unavailable',
    sentence: 'The request "{subject}" could not be handed to the bus: {reason}.',
  },
  REPLY_LOST: {
    kind: 'unknown',
    sentence:
      'No reply to "{subject}" arrived within {waitedMs} ms; whether it was carried out is not known.',
  },
  INSTRUMENT_NOT_FOUND: {
    kind: 'refused',
    sentence: 'There is no instrument with symbol "{symbol}" on exchange "{exchange}"; near matches: {near}.',
  },
  INSTRUMENTS_UNAVAILABLE: { kind: 'unavailable', sentence: 'No instrument list has been loaded yet.' },
  INSTRUMENTS_VERSION_NOT_KEPT: {
    kind: 'refused',
    sentence: 'No instrument list {wanted} is kept; kept versions: {kept}.',
  },
  INSTRUMENT_NOT_TRADABLE: {
    kind: 'refused',
    sentence: 'The instrument "{symbol}" on "{exchange}" cannot be traded: {reason}.',
  },
  ORDER_QUANTITY_NOT_LOT_MULTIPLE: {
    kind: 'invalid',
    sentence: 'quantity {quantity} is not a multiple of the lot size {lotSize} of "{symbol}".',
  },
  ORDER_QUANTITY_ABOVE_FREEZE: {
    kind: 'invalid',
    sentence: 'quantity {quantity} is above the freeze limit {freezeQuantity} of "{symbol}".',
  },
  ORDER_PRICE_OFF_TICK: {
    kind: 'invalid',
    sentence: '{field} {price} is not a multiple of the tick size {tickSize} of "{symbol}".',
  },
  ORDER_PRICE_OUTSIDE_BAND: {
    kind: 'invalid',
    sentence: '{field} {price} is outside the price band {low} to {high} of "{symbol}".',
  },
  ORDER_INVALID: { kind: 'invalid', sentence: 'The order has several problems: {problems}.' },
  ACCOUNT_UNKNOWN: {
    kind: 'refused',
    sentence: 'There is no account "{account}" here; this service trades the account "{served}".',
  },
  CLIENT_ORDER_ID_REUSED: {
    kind: 'refused',
    sentence: 'clientOrderId "{clientOrderId}" was already used for another order body.',
  },
  JOURNAL_UNAVAILABLE: {
    kind: 'unavailable',
    sentence: 'The order could not be written to disk, so it was not sent: {reason}.',
  },
  SESSION_UNAVAILABLE: {
    kind: 'unavailable',
    sentence: 'There is no live {api} session with the broker for account "{account}".',
  },
  SESSION_LOGIN_REFUSED: {
    kind: 'unavailable',
    sentence: 'The broker refused the {api} login: {brokerDescription}.',
  },
  XTS_NOT_SENT: { kind: 'unavailable', sentence: 'The call could not be sent to the broker: {reason}.' },
  XTS_REPLY_LOST: {
    kind: 'unknown',
    sentence:
      'The order was sent and the broker’s answer was lost ({reason}); do not resend, its resolution is published.',
  },
  XTS_READ_FAILED: { kind: 'unavailable', sentence: 'The broker could not be read: {reason}.' },
  BROKER_REJECTED: {
    kind: 'rejected',
    sentence: 'The broker rejected the order: {brokerDescription} ({brokerCode}).',
  },
  ORDER_NOT_FOUND: { kind: 'refused', sentence: 'No order with {field} "{value}" is known.' },
  ORDER_PROVEN_ABSENT: {
    kind: 'unavailable',
    sentence:
      'The order never reached the broker (proven from the order book); it may be placed again under a new clientOrderId.',
  },
  ORDER_UNRESOLVED: {
    kind: 'unavailable',
    sentence:
      'The order {orderId} has no answer from the broker yet, so it cannot be changed; its resolution is published.',
  },
  ORDER_NOT_WORKING: {
    kind: 'refused',
    sentence: 'The order {orderId} is {state}; it cannot be modified any more.',
  },
  ORDER_QUANTITY_FILLED: {
    kind: 'refused',
    sentence: 'quantity {quantity} is not above what has been filled already, {filledQuantity}.',
  },
  CHANGE_PENDING: {
    kind: 'unavailable',
    sentence: 'An earlier change of the order {orderId} is not decided yet ({changeId}); wait for its event.',
  },
  CHANGE_REPLY_LOST: {
    kind: 'unknown',
    sentence:
      'The request to {change} the order {orderId} was sent and the broker’s answer was lost ({reason}); do not repeat it, its resolution is published.',
  },
  CHANGE_REJECTED: {
    kind: 'rejected',
    sentence: 'The broker refused to {change} the order {orderId}: {brokerDescription} ({brokerCode}).',
  },
  CHANGE_NO_EFFECT: {
    kind: 'unavailable',
    sentence:
      'The request to {change} the order {orderId} had no effect (proven from the order book); it may be asked again under a new clientOrderId.',
  },
  POSITION_UNRESOLVED: {
    kind: 'unavailable',
    sentence: 'The position could not be established, so nothing was sent: {reason}.',
  },
  POSITION_TOO_SMALL: {
    kind: 'refused',
    sentence: 'The {product} position in "{symbol}" is {held}; {quantity} of it cannot be converted.',
  },
  CONVERSION_REPLY_LOST: {
    kind: 'unknown',
    sentence:
      'The conversion was sent and the broker’s answer was lost ({reason}); do not send it again, look at the positions.',
  },
  SMART_ORDER_SUPERSEDED: {
    kind: 'refused',
    sentence: 'A newer target for the same position replaced this one before it was acted on.',
  },
  QUOTE_UNAVAILABLE: {
    kind: 'unavailable',
    sentence: 'No quote could be had for "{symbol}" on "{exchange}": {reason}.',
  },
  MARKET_ORDERS_REFUSED: {
    kind: 'refused',
    sentence:
      'This account’s market orders are refused by the broker; send a limit order, or set ORDER_PROTECT_ENTRIES=true to have a protected limit sent for "{symbol}" in its place.',
  },
  NO_REFERENCE_PRICE: {
    kind: 'unavailable',
    sentence:
      'There is no fresh price of "{symbol}" to protect the order with, so it was not sent: {reason}.',
  },
  REPLAY_TOO_OLD: { kind: 'refused', sentence: 'Events before sequence {oldestSeq} are no longer kept.' },
  ENDPOINT_NOT_LOCAL: {
    kind: 'refused',
    sentence:
      'The endpoint "{endpoint}" is neither loopback nor ipc; other addresses need CURVE: set BUS_CURVE=remote and make keys with npm run curve-keys.',
  },
  CURVE_KEYS_UNUSABLE: {
    kind: 'refused',
    sentence: 'The CURVE keys in "{folder}" cannot be used: {problem}.',
  },
  CURVE_REFUSED: {
    kind: 'unavailable',
    sentence: 'There is no connection to "{endpoint}", because the handshake failed: {reason}.',
  },
  ENDPOINT_TAKEN: {
    kind: 'unavailable',
    sentence: 'The endpoint "{endpoint}" is already in use; change {setting}.',
  },
  REFRESH_FAILED: { kind: 'unavailable', sentence: 'The instrument list was not replaced: {reason}.' },
  INTERNAL: {
    kind: 'internal',
    sentence: 'Something went wrong inside the service; it was logged under id {id}.',
  },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof ERROR_TABLE

/** True for a string that is a code of the table. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_TABLE, code)
}
