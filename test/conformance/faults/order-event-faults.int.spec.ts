import { playRows } from './fault-rows'
import { ORDER_EVENT_ROWS } from './order-event-rows'

describe('a fault of the order events', () => playRows(ORDER_EVENT_ROWS))
