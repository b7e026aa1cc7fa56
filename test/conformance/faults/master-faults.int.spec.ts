import { playRows } from './fault-rows'
import { MASTER_ROWS } from './master-rows'

describe('a fault of the instrument list', () => playRows(MASTER_ROWS))
