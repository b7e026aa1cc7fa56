import type { Broker } from '../rest/broker'
import type { ArmedFault, FaultDefinition, WireSocket } from './fault-kinds'
import { isAccepted } from './reply-parts'

const socket = { group: 'sockets', proof: 'socket-faults', count: 'always' } as const

/** What can happen to the connections that events and ticks come over. */
export const SOCKET_FAULTS = {
  'all-sessions-dropped': {
    ...socket,
    count: 1,
    means: 'all sockets (or those of one api) are disconnected; tokens stay valid',
    at: { action: dropSockets },
  },
  'socket-flapping': {
    ...socket,
    everyMs: 1000,
    means: 'all sockets are disconnected again and again; tokens stay valid',
    at: { action: dropSockets },
  },
  'socket-mute': {
    ...socket,
    means: 'sockets stay and answer pings, and nothing is said on them',
    at: { eventRoute: () => [] },
  },
  'socket-half-open': {
    ...socket,
    means: 'the sockets open now stay, and nothing comes on them, not even pongs; when cleared they are cut',
    at: { action: freezeSockets },
    undo: cutFrozen,
  },
  'socket-refused': {
    ...socket,
    means: 'a socket with a valid token is refused with "Invalid Token"',
    at: { join: () => 'refused' },
  },
  'joined-missing': {
    ...socket,
    means: 'a socket is taken in and never told that it joined',
    events: /^joined$/,
    at: { eventRoute: () => [] },
  },
  'disconnect-on-subscribe': {
    ...socket,
    count: 1,
    calls: ['subscribe'],
    means: 'a subscription is taken, and the sockets of its session are disconnected',
    appliesTo: isAccepted,
    at: {
      rewrite: (reply, { session }) => {
        for (const open of [...(session?.sockets ?? [])]) open.disconnect()
        return reply
      },
    },
  },
} satisfies Record<string, FaultDefinition>

function chosen({ outgoing }: Broker, { match }: ArmedFault): WireSocket[] {
  return outgoing.open().filter(({ api }) => match.api === undefined || match.api === api)
}

function dropSockets(broker: Broker, fault: ArmedFault): number {
  const sockets = chosen(broker, fault)
  for (const wire of sockets) wire.disconnect()
  return sockets.length
}

function freezeSockets(broker: Broker, fault: ArmedFault): number {
  const sockets = chosen(broker, fault)
  for (const wire of sockets) wire.freeze()
  fault.memory.set('frozen', sockets)
  return sockets.length
}

function cutFrozen(_: Broker, fault: ArmedFault): void {
  const frozen = (fault.memory.get('frozen') ?? []) as readonly WireSocket[]
  for (const wire of frozen) wire.disconnect()
}
