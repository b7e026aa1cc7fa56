import { playRows } from './fault-rows'
import { ORDER_ROWS } from './order-rows'

describe('a fault of the order calls', () => playRows(ORDER_ROWS))
