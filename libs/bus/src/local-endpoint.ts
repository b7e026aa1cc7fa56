import { AppError } from '@xts-bridge/contracts'

/** The part of a ZeroMQ socket that binding needs. */
export interface BindableSocket {
  readonly lastEndpoint: string | null
  bind(address: string): Promise<void>
}

const TCP_LOOPBACK = /^tcp:\/\/(127(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}|\[::1\]|localhost):(\*|\d{1,5})$/
const IPC = /^ipc:\/\/.+$/
const TCP_NUMERIC = /^tcp:\/\/(\*|\d{1,3}(?:\.\d{1,3}){3}|\[[\da-fA-F:.]+\]):(\*|\d{1,5})$/
/** Addresses that mean every interface when bound, and the one of this machine that reaches them. */
const EVERY_INTERFACE: readonly (readonly [string, string])[] = [
  ['//*:', '//127.0.0.1:'],
  ['//0.0.0.0:', '//127.0.0.1:'],
  ['//[::]:', '//[::1]:'],
]

/** True for loopback TCP (127.0.0.0/8, [::1], localhost) and ipc. */
export function isLocalEndpoint(endpoint: string): boolean {
  return TCP_LOOPBACK.test(endpoint) || IPC.test(endpoint)
}

/** Throws ENDPOINT_NOT_LOCAL for what is not local: without CURVE, any process that reaches a socket could trade. */
export function assertLocalEndpoint(endpoint: string): void {
  if (!isLocalEndpoint(endpoint)) throw new AppError('ENDPOINT_NOT_LOCAL', { endpoint })
}

/** True for a TCP address in numbers, or `*`: a name means an interface to who binds and a host to who connects. */
export function isNumericTcp(endpoint: string): boolean {
  return TCP_NUMERIC.test(endpoint)
}

/** Where to connect for an endpoint as it is bound: one setting serves both. */
export function dialledEndpoint(endpoint: string): string {
  const everywhere = EVERY_INTERFACE.find(([bound]) => endpoint.includes(bound))
  return everywhere === undefined ? endpoint : endpoint.replace(...everywhere)
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
  return bindNamed(socket, endpoint, endpointSetting)
}

/** As `bindLocal`, for an endpoint that was found good. */
export async function bindNamed(
  socket: BindableSocket,
  endpoint: string,
  endpointSetting: string,
): Promise<string> {
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
