import { ANSWER_FAULTS } from './answer-faults'
import { BOOK_FAULTS } from './book-faults'
import { BROKER_FAULTS } from './broker-faults'
import type { FaultDefinition } from './fault-kinds'
import { MARKET_FAULTS } from './market-faults'
import { MASTER_FAULTS } from './master-faults'
import { ORDER_EVENT_FAULTS } from './order-event-faults'
import { ORDER_FAULTS } from './order-faults'
import { SESSION_FAULTS } from './session-faults'
import { SOCKET_FAULTS } from './socket-faults'

const TABLES = {
  ...ORDER_FAULTS,
  ...ORDER_EVENT_FAULTS,
  ...BOOK_FAULTS,
  ...ANSWER_FAULTS,
  ...SESSION_FAULTS,
  ...SOCKET_FAULTS,
  ...MARKET_FAULTS,
  ...MASTER_FAULTS,
  ...BROKER_FAULTS,
}

export type FaultName = keyof typeof TABLES

/** Every way in which this broker can misbehave, by name. A new one is an entry in the table of its group and a test. */
export const FAULTS: Readonly<Record<FaultName, FaultDefinition>> = TABLES

export const FAULT_NAMES = Object.keys(TABLES) as readonly FaultName[]

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name)
}
