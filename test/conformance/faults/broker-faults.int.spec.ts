import { BROKER_ROWS } from './broker-rows'
import { playRows } from './fault-rows'

describe('a fault of the broker as a whole', () => playRows(BROKER_ROWS))
