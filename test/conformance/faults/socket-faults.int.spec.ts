import { playRows } from './fault-rows'
import { SOCKET_ROWS } from './socket-rows'

describe('a fault of the sockets', () => playRows(SOCKET_ROWS))
