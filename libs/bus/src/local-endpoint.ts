import { AppError } from '@xts-bridge/contracts'

/** The part of a ZeroMQ socket that binding needs. */
export interface BindableSocket {
  readonly lastEndpoint: string | null
  bind(address: string): Promise<void>
}

const TCP_LOOPBACK = /^tcp:\/\/(127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}|\[::1\]|localhost):(\*|\d{1,5})$/
const IPC = /^ipc:\/\/.+$/

/**
 * Lets loopback TCP (127.0.0.0/8, [::1], localhost) and ipc pass. Throws ENDPOINT_NOT_LOCAL for anything else, because
 * the bus has no encryption to other machines: any process that reaches a socket could trade.
 */
export function assertLocalEndpoint(endpoint: string): void {
  if (TCP_LOOPBACK.test(endpoint) || IPC.test(endpoint)) return
  throw new AppError('ENDPOINT_NOT_LOCAL', { endpoint })
}

/** True when the socket needs its `ipv6` option for this endpoint. */
export function isIpv6(endpoint: string): boolean {
  return endpoint.startsWith('tcp://[')
}

/**
 * Binds to a local endpoint and returns the one that was bound (`tcp://127.0.0.1:*` becomes a real port).
 * Throws ENDPOINT_NOT_LOCAL, or ENDPOINT_TAKEN naming the setting that changes the endpoint.
 */
export async function bindLocal(
  socket: BindableSocket,
  endpoint: string,
  endpointSetting: string,
): Promise<string> {
  assertLocalEndpoint(endpoint)
  try {
    // ZeroMQ binds to addresses and interfaces, not to names.
    await socket.bind(endpoint.replace('//localhost:', '//127.0.0.1:'))
  } catch (cause) {
    if (errnoOf(cause) === 'EADDRINUSE') {
      throw new AppError('ENDPOINT_TAKEN', { endpoint, setting: endpointSetting }, { cause })
    }
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`The endpoint "${endpoint}" (${endpointSetting}) cannot be bound: ${reason}`, { cause })
  }
  return socket.lastEndpoint ?? endpoint
}

/** The `EAGAIN`, `EHOSTUNREACH`, … of a ZeroMQ error, if it is one. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
