import type { Broker } from '../rest/broker'
import type { ArmedFault } from './fault-kinds'
import { definitionOf } from './fault-engine'
import { faultRequestSchema, type FaultRule } from './fault-rule'

/** A fault that was switched on, and what it touched if it happened at once. */
export interface Armed {
  readonly fault: ArmedFault
  readonly affected: number | undefined
}

/** Switches a fault on; what acts by itself acts now, or when its start has come. Throws a ZodError for what no fault understands. */
export function armFault(broker: Broker, request: unknown): Armed {
  return armRule(broker, faultRequestSchema.parse(request))
}

export function armRule(broker: Broker, rule: FaultRule): Armed {
  let endRepeats: () => void = () => undefined
  const fault = broker.faults.arm(rule, (over) => {
    endRepeats()
    definitionOf(over).undo?.(broker, over)
  })
  broker.log('fault set', { fault: fault.name, id: fault.id })
  const { action, everyMs } = { action: definitionOf(fault).at.action, everyMs: periodOf(fault) }
  if (!action) return { fault, affected: undefined }
  const act = (): number | undefined => (broker.faults.happens(fault) ? action(broker, fault) : undefined)
  const begin = (): number | undefined => {
    const affected = act()
    if (everyMs !== undefined && broker.faults.isArmed(fault)) endRepeats = broker.clock.every(everyMs, act)
    return affected
  }
  if (fault.startAfterMs === 0) return { fault, affected: begin() }
  endRepeats = broker.clock.later(fault.startAfterMs, begin)
  return { fault, affected: undefined }
}

/** An action that counts more than once needs a pace: its own, if none was given. */
function periodOf(fault: ArmedFault): number | undefined {
  const given = fault.everyMs ?? definitionOf(fault).everyMs
  return given ?? (fault.remaining > 1 && Number.isFinite(fault.remaining) ? REPEAT_MS : undefined)
}

const REPEAT_MS = 1000
