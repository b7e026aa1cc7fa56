import type { Broker } from '../rest/broker'
import { definitionOf } from './fault-engine'
import { factsOfRequest, type FaultFacts } from './fault-facts'
import type { ArmedFault, FaultDefinition, FaultPoint, FaultyCall, Reply } from './fault-kinds'

const POINTS_OF_CALLS: readonly FaultPoint[] = ['request', 'rewrite', 'replace', 'delay']

/** True is the usual case: a call is answered as it is. */
export function areCallsQuiet({ faults }: Broker): boolean {
  return POINTS_OF_CALLS.every((point) => faults.isQuiet(point))
}

/**
 * The answer of a call with the faults that are in force: first one that keeps it from being carried out, else all that
 * change the answer, then one that takes its place, then all that make it late.
 */
export function replyWithFaults(call: FaultyCall, carryOut: () => Reply): Reply {
  const facts = factsOnce(call)
  const refused = refusedBy(call, facts)
  if (refused) return refused
  let reply = carryOut()
  const change = (fault: ArmedFault, point: 'rewrite' | 'replace' | 'delay'): void => {
    reply = definitionOf(fault).at[point]?.(reply, call, fault) ?? reply
  }
  for (const fault of happening(call, 'rewrite', { facts, reply: () => reply })) change(fault, 'rewrite')
  for (const fault of happening(call, 'replace', { facts, reply: () => reply })) {
    change(fault, 'replace')
    break
  }
  for (const fault of happening(call, 'delay', { facts, reply: () => reply })) change(fault, 'delay')
  return reply
}

function refusedBy(call: FaultyCall, facts: () => FaultFacts): Reply | undefined {
  const { faults } = call.broker
  for (const fault of faults.candidates('request', facts)) {
    const definition = definitionOf(fault)
    if (!concerns(definition, call) || !definition.at.request || !faults.happens(fault)) continue
    return definition.at.request(call, fault)
  }
  return undefined
}

/** Each fault is asked only when its turn has come: what an earlier one made of the answer decides whether it applies. */
function* happening(
  call: FaultyCall,
  point: FaultPoint,
  at: { facts: () => FaultFacts; reply: () => Reply },
): Generator<ArmedFault> {
  const { faults } = call.broker
  for (const fault of faults.candidates(point, at.facts)) {
    const definition = definitionOf(fault)
    if (!concerns(definition, call)) continue
    if (definition.appliesTo?.(at.reply(), call) === false) continue
    if (faults.happens(fault)) yield fault
  }
}

const concerns = (definition: FaultDefinition, call: FaultyCall): boolean =>
  definition.calls?.includes(call.call) !== false && definition.appliesToCall?.(call) !== false

function factsOnce({ api, call, request, broker }: FaultyCall): () => FaultFacts {
  let known: FaultFacts | undefined
  const at = { api, call, body: request.body, query: request.query }
  return () => (known ??= factsOfRequest(at, broker.ledger))
}
