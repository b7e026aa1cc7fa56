import { playRows } from './fault-rows'
import { SESSION_ROWS } from './session-rows'

describe('a fault of the sessions', () => playRows(SESSION_ROWS))
