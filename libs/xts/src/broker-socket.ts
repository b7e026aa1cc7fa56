import type { Clock } from '@xts-bridge/contracts'
import type { HttpCaller } from '@xts-bridge/http'
import type { BrokerProfile, TokenSource, XtsToken } from './model'
import { socketProtocols, type SocketProtocols } from './socket-protocol'
import { SupervisedSocket } from './supervised-socket'

/** What both sockets of the broker tell and need. */
export interface BrokerSocketOptions {
  readonly profile: BrokerProfile
  readonly token: TokenSource
  readonly clock: Clock
  /** Joined, for the first time or again: nothing of the time before is sent again, so read or subscribe anew now. */
  readonly onJoined: () => void
  /** The broker ended the session of this token's epoch: the token is dead. `onDown` follows. */
  readonly onLogout: (reason: string, epoch: number) => void
  /** The connection is lost or was refused; it is tried again by itself. `refusedEpoch` when the broker refused the token. */
  readonly onDown: (reason: string, refusedEpoch?: number) => void
  /** Five attempts in a row have failed; told once, until one is joined again. It goes on trying. */
  readonly onStruggling?: ((attempts: number, reason: string) => void) | undefined
  /** Asks a server that refuses the handshake which generation of Engine.IO it speaks; without it, 3 is always spoken. */
  readonly http?: Pick<HttpCaller, 'call'> | undefined
  /** What is known of that already; one memory for the process unless given. */
  readonly protocols?: SocketProtocols | undefined
  /** A message that could not be read, or a complaint of the broker's; nothing was made of it. */
  readonly onUnreadable?: ((event: string, problem: string) => void) | undefined
}

/** In what the two sockets differ. */
interface SocketKind {
  /** Of the API whose socket it is: `/interactive`. */
  readonly prefix: string
  /** What its address says beside token and user. */
  readonly query: Readonly<Record<string, string>>
  readonly events: readonly string[]
  readonly onEvent: (event: string, payload: unknown) => void
}

/** A socket of one API that is not started yet; it comes back by itself. */
export function brokerSocket(options: BrokerSocketOptions, kind: SocketKind): SupervisedSocket {
  const { profile, clock, token, onJoined, onLogout, onDown, onUnreadable, onStruggling, http } = options
  const { protocols = socketProtocols } = options
  const { origin, pathname } = new URL(profile.baseUrl)
  const underBase = `${kind.prefix}/socket.io`
  const path = `${pathname.replace(/\/+$/, '')}${underBase}`
  const address = origin + path
  return new SupervisedSocket({
    ...{ clock, token, onJoined, onLogout, onDown, onStruggling },
    connection: (inForce: XtsToken) => ({
      url: origin,
      path,
      query: { token: inForce.token, userID: inForce.userId, ...kind.query },
      verifyTls: profile.verifyTls,
      events: kind.events,
      protocol: protocols.of(address),
    }),
    onHandshakeRefused: async () => {
      if (http === undefined) return
      const isNewer = await protocols.ask(address, http, underBase)
      if (!isNewer) protocols.forget(address)
    },
    onEvent: kind.onEvent,
    onComplaint: (text) => onUnreadable?.('error', text),
  })
}
