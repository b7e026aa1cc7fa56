// eslint-disable-next-line @nx/enforce-module-boundaries -- tests may import every room, and the simulator has no alias
import { FAULTS } from '../../../tools/xts-simulator/src/index'
import { ANSWER_ROWS } from './answer-rows'
import { BOOK_ROWS } from './book-rows'
import { BROKER_ROWS } from './broker-rows'
import { MARKET_ROWS } from './market-rows'
import { MASTER_ROWS } from './master-rows'
import { ORDER_EVENT_ROWS } from './order-event-rows'
import { ORDER_ROWS } from './order-rows'
import { SESSION_ROWS } from './session-rows'
import { SOCKET_ROWS } from './socket-rows'

const ROWS = {
  orders: ORDER_ROWS,
  'order events': ORDER_EVENT_ROWS,
  books: BOOK_ROWS,
  answers: ANSWER_ROWS,
  sessions: SESSION_ROWS,
  sockets: SOCKET_ROWS,
  'market data': MARKET_ROWS,
  master: MASTER_ROWS,
  broker: BROKER_ROWS,
} as const

describe('the rows of the fault tests', () => {
  it.each(Object.entries(ROWS))(
    'have each fault of the simulator’s group "%s", and no other',
    (group, rows) => {
      const faults = Object.entries(FAULTS).filter(([, fault]) => fault.group === group)
      expect(Object.keys(rows).sort()).toEqual(faults.map(([name]) => name).sort())
    },
  )

  it('have every group of the catalogue', () => {
    const groups = new Set(Object.values(FAULTS).map(({ group }) => group))
    expect(Object.keys(ROWS).sort()).toEqual([...groups].sort())
  })
})
