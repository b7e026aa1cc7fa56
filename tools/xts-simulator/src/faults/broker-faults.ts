import type { Broker } from '../rest/broker'
import { forgetDay } from './forget-day'
import { numberIn, type ArmedFault, type FaultDefinition } from './fault-kinds'

const broker = { group: 'broker', proof: 'broker-faults' } as const

const restart = {
  ...broker,
  count: 1,
  parameters: {
    downMs: { value: 1000, means: 'how long the port refuses' },
    endsSessions: { value: false, means: 'whether the tokens are forgotten too' },
  },
} as const

/** What can happen to the machine and its process. */
export const BROKER_FAULTS = {
  'restart-keeps-orders': {
    ...restart,
    means:
      'the broker restarts: connections are reset, the port refuses for downMs, then it is back as it was',
    at: { action: goDown },
  },
  'restart-forgets-orders': {
    ...restart,
    means: 'the broker restarts and does not know the orders, trades and positions of the day any more',
    at: {
      action: (at, fault) => {
        forgetDay(at)
        return goDown(at, fault)
      },
    },
  },
  'connection-limit': {
    ...broker,
    count: 'always',
    means: 'new connections are reset while too many are open',
    parameters: { most: { value: 1, means: 'how many may be open' } },
    at: { connection: (open, fault) => (open > numberIn(fault, 'most') ? 'reset' : 'taken') },
  },
  'connections-reset': {
    ...broker,
    count: 'always',
    means: 'every new connection is reset at once; those that are open live on',
    at: { connection: () => 'reset' },
  },
} satisfies Record<string, FaultDefinition>

function goDown({ frontDoor, sessions }: Broker, fault: ArmedFault): number {
  if (fault.parameters['endsSessions'] === true) sessions.revoke(undefined)
  return frontDoor.restart(numberIn(fault, 'downMs'))
}
