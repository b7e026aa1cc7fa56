import { SeededRandom } from '../seeded-random'
import type { StateLog } from '../state-log'
import type { SimClock } from '../time/sim-clock'
import { FAULTS, type FaultName } from './catalogue'
import { matches, type FaultFacts } from './fault-facts'
import { FAULT_POINTS, type ArmedFault, type FaultDefinition, type FaultPoint } from './fault-kinds'
import { pointsOf, type FaultRule } from './fault-rule'

export interface EngineParts {
  readonly clock: SimClock
  readonly seed: number
  readonly log: StateLog
}

/**
 * Which faults are in force, and whether one happens now. At each point they are asked by priority, the higher first,
 * and among equals the one that was switched on earlier.
 */
export class FaultEngine {
  private armed: ArmedFault[] = []
  private readonly byPoint = new Map<FaultPoint, ArmedFault[]>()
  private readonly totals = new Map<FaultName, number>()
  private readonly undos = new Map<ArmedFault, () => void>()
  private readonly random: SeededRandom
  private given = 0

  constructor(private readonly parts: EngineParts) {
    this.random = new SeededRandom(parts.seed)
  }

  /** True is the usual case and costs one look-up: no fault acts at this point. */
  isQuiet(point: FaultPoint): boolean {
    return !this.byPoint.has(point)
  }

  /** `undo` runs once when the fault is over, for whatever reason. */
  arm(rule: FaultRule, undo: (fault: ArmedFault) => void = () => undefined): ArmedFault {
    const { name, match, parameters, probability, nth, priority, startAfterMs, everyMs, forMs, count } = rule
    const fault: ArmedFault = {
      ...{ name, match, parameters, probability, nth, priority, startAfterMs, everyMs, forMs },
      id: `f${++this.given}`,
      armedAtMs: this.parts.clock.nowMs(),
      remaining: count === 'always' ? Infinity : count,
      happened: 0,
      seen: 0,
      lastHappenedAtMs: undefined,
      memory: new Map(),
    }
    this.armed = [...this.armed, fault].sort((one, other) => other.priority - one.priority)
    this.undos.set(fault, () => undo(fault))
    this.sortIntoPoints()
    if (forMs !== undefined && everyMs === undefined) {
      this.parts.clock.later(startAfterMs + forMs, () => this.end(fault))
    }
    return fault
  }

  list(): readonly ArmedFault[] {
    return this.armed
  }

  /** How often each fault happened since the start, over or not. */
  happened(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.totals)
  }

  /** Ends one fault, or all; answers how many there were. */
  clear(id?: string): number {
    const leaving = this.armed.filter((fault) => id === undefined || fault.id === id)
    for (const fault of leaving) this.end(fault)
    return leaving.length
  }

  /** The faults that could act here now, in their order. Each must still be asked whether it `happens`. */
  candidates(point: FaultPoint, facts: () => FaultFacts): ArmedFault[] {
    const here = this.byPoint.get(point)
    if (!here) return []
    const nowMs = this.parts.clock.nowMs()
    const open = here.filter((fault) => this.isArmed(fault) && isOpen(fault, nowMs))
    if (open.length === 0) return open
    return open.filter((fault) => Object.keys(fault.match).length === 0 || matches(fault.match, facts()))
  }

  /** Decides by count, n-th occasion and probability; what happens is counted. */
  happens(fault: ArmedFault): boolean {
    if (!this.isArmed(fault)) return false
    fault.seen++
    if (fault.seen % fault.nth !== 0) return false
    if (fault.probability < 1 && this.random.next() >= fault.probability) return false
    fault.happened++
    fault.remaining--
    fault.lastHappenedAtMs = this.parts.clock.nowMs()
    const total = (this.totals.get(fault.name as FaultName) ?? 0) + 1
    this.totals.set(fault.name as FaultName, total)
    // Faults of ticks happen thousands of times: each is counted, the first is told.
    if (fault.happened === 1) this.parts.log('fault happens', { fault: fault.name, id: fault.id })
    if (fault.remaining <= 0) this.end(fault)
    return true
  }

  isArmed(fault: ArmedFault): boolean {
    return this.undos.has(fault)
  }

  private end(fault: ArmedFault): void {
    const undo = this.undos.get(fault)
    if (!undo) return
    this.undos.delete(fault)
    this.armed = this.armed.filter((other) => other !== fault)
    this.sortIntoPoints()
    undo()
  }

  private sortIntoPoints(): void {
    for (const point of FAULT_POINTS) {
      const here = this.armed.filter((fault) => pointsOf(definitionOf(fault)).includes(point))
      if (here.length === 0) this.byPoint.delete(point)
      else this.byPoint.set(point, here)
    }
  }
}

export function definitionOf(fault: ArmedFault): FaultDefinition {
  return FAULTS[fault.name as FaultName]
}

/** Inside its time: after the start, within each window, and without a window once in each period. */
function isOpen(fault: ArmedFault, nowMs: number): boolean {
  const sinceMs = nowMs - fault.armedAtMs - fault.startAfterMs
  if (sinceMs < 0) return false
  const { everyMs, forMs, lastHappenedAtMs } = fault
  if (everyMs === undefined) return forMs === undefined || sinceMs < forMs
  if (forMs !== undefined) return sinceMs % everyMs < forMs
  if (lastHappenedAtMs === undefined) return true
  const lastSinceMs = lastHappenedAtMs - fault.armedAtMs - fault.startAfterMs
  return Math.floor(sinceMs / everyMs) > Math.floor(lastSinceMs / everyMs)
}
