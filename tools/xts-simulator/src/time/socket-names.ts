import type { Server } from 'socket.io'
import type { SimIds } from './sim-ids'

/** As long as the names that Engine.IO makes itself. */
const NAME_BYTES = 15

/** Gives the sockets of a door the same names in every run; clients are told them in `joined`. */
export function nameSockets(door: Server, ids: SimIds | undefined): void {
  if (!ids) return
  const next = (): string => ids.bytes(NAME_BYTES).toString('base64url')
  door.engine.generateId = next
  // Under Engine.IO 3 a socket is named after its connection; under 4 it has a random name of its own.
  door.use((socket, proceed) => {
    if (socket.conn.protocol !== 3) Object.assign(socket, { id: next() })
    proceed()
  })
}
