import type { Server as HttpServer } from 'node:http'
import { Server, type Socket } from 'socket.io'
import type { Choices } from '../choices'
import type { MarketChoices } from '../market-choices'
import type { StateLog } from '../state-log'
import type { SimClock } from '../time/sim-clock'
import type { Api, Session, SessionRegistry, SessionSocket } from '../state/session-registry'
import { tokenMistake } from '../rest/client-mistakes'
import { feedForm, PLAIN_FORM, type FeedForm } from './feed-form'
import type { Outgoing } from './outgoing'
import { socketMistakes } from './socket-mistakes'
import { wireSocket } from './wire-socket'

/** The broker's own timers. Clients of Engine.IO 3 send the pings themselves. */
const PING_INTERVAL_MS = 25_000
const PING_TIMEOUT_MS = 5_000
/** How long a socket without an apiType lives where the broker minds. */
const UNNAMED_SOCKET_MS = 10_000

export interface SocketDoorParts {
  readonly http: HttpServer
  readonly sessions: SessionRegistry
  readonly clock: SimClock
  readonly log: StateLog
  readonly outgoing: Outgoing
  readonly marketChoices: Pick<MarketChoices, 'jsonOnBinaryDoor'>
  readonly choices: Pick<Choices, 'missingApiType'>
}

/** Opens one Socket.IO server at a path; the token in the query decides who may in. */
export function openSocketDoor(parts: SocketDoorParts, path: string, api: Api): Server {
  const server = new Server(parts.http, {
    path,
    allowEIO3: true,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    serveClient: false,
    // Several servers share the HTTP server: one must not close an upgrade that belongs to another.
    destroyUpgrade: false,
    cors: { origin: '*' },
  })
  server.use((socket, next) => {
    const session = sessionOf(parts, api, socket)
    if (session && parts.outgoing.admits(session)) return next()
    if (!session) tellRefusal(parts, api, socket)
    next(new Error('Invalid Token'))
  })
  server.on('connection', (socket) => welcome(parts, { api, path }, socket))
  return server
}

interface Door {
  readonly api: Api
  readonly path: string
}

function welcome(parts: SocketDoorParts, door: Door, socket: Socket): void {
  const { api } = door
  const session = sessionOf(parts, api, socket)
  if (!session) {
    socket.disconnect(true)
    return
  }
  const coming = { session, protocol: socket.conn.protocol, query: socket.handshake.query }
  for (const { sentence, facts } of socketMistakes(coming))
    parts.log(sentence, { api, socketId: socket.id, ...facts })
  const wire = wireSocket(socket, session, parts.log)
  const entry: SessionSocket = {
    id: socket.id,
    ...formOf(parts, door, socket),
    emit: (event, payload) => parts.outgoing.emit(wire, event, payload),
    disconnect: () => wire.disconnect(),
  }
  session.sockets.add(entry)
  parts.outgoing.opened(wire)
  parts.log('socket joined', { api, sessionId: session.id, socketId: socket.id })
  const isCut =
    api === 'interactive' &&
    socket.handshake.query['apiType'] === undefined &&
    parts.choices.missingApiType === 'cut'
  const keep = isCut ? parts.clock.later(UNNAMED_SOCKET_MS, () => cut(parts, entry)) : undefined
  socket.on('disconnect', (reason) => {
    keep?.()
    session.sockets.delete(entry)
    parts.outgoing.closed(wire)
    parts.log('socket left', { api, sessionId: session.id, socketId: socket.id, reason })
  })
  entry.emit('joined', JSON.stringify(joinedPayload(api, socket.id)))
}

/** The broker's words are wrong: the session lives on. */
function cut(parts: SocketDoorParts, entry: SessionSocket): void {
  parts.log('a socket is cut: its query has no apiType=INTERACTIVE', { socketId: entry.id })
  entry.emit('error', JSON.stringify({ type: 'error', description: 'Your session has been expired' }))
  entry.disconnect()
}

function formOf(parts: SocketDoorParts, door: Door, socket: Socket): FeedForm {
  if (door.api === 'interactive') return PLAIN_FORM
  const { publishFormat, broadcastMode } = socket.handshake.query
  const { jsonOnBinaryDoor } = parts.marketChoices
  return feedForm({ path: door.path, publishFormat, broadcastMode, jsonOnBinaryDoor })
}

function sessionOf({ sessions, clock }: SocketDoorParts, api: Api, socket: Socket): Session | undefined {
  const { token } = socket.handshake.query
  const check = sessions.check(api, typeof token === 'string' ? token : undefined, clock.nowMs())
  return check.kind === 'ok' ? check.session : undefined
}

/** Only market data names the socket in its text. */
function joinedPayload(api: Api, socketId: string): object {
  const suffix = api === 'market' ? ` SocketId=${socketId}` : ''
  return { type: 'success', code: 's-socket-0001', description: `Socket joined successfully!${suffix}` }
}

function tellRefusal({ log, sessions }: SocketDoorParts, api: Api, { handshake }: Socket): void {
  const { token } = handshake.query
  const shown = tokenMistake(sessions, api, typeof token === 'string' ? token : undefined)
  const why = shown?.sentence ?? 'a client showed no token; it belongs in the query of the socket'
  log('a socket was refused: its token is not valid', { api, why, ...shown?.facts })
}
