import { movePrice } from '../control/move-price'
import type { Broker } from '../rest/broker'
import { VirtualClock } from '../time/virtual-clock'
import { armRule } from './arm-fault'
import type { Scenario, ScenarioStep } from './read-scenario'

/** How often what is counted is looked at; counts have no event of their own. */
const LOOK_EVERY_MS = 20

/** A scenario that runs. */
export interface ScenarioRun {
  report(): ScenarioReport
  /** No further step is taken. What was armed stays. */
  stop(): void
}

export interface ScenarioReport {
  readonly name: string
  readonly state: 'running' | 'finished' | 'stopped'
  readonly taken: readonly string[]
  readonly waiting: readonly string[]
  /** Steps that could not be taken, in words. */
  readonly failed: readonly string[]
}

/** Takes the steps of a scenario when their time or count has come. */
export function runScenario(broker: Broker, scenario: Scenario): ScenarioRun {
  const run = new RunningScenario(broker, scenario)
  run.start()
  return run
}

class RunningScenario implements ScenarioRun {
  private readonly taken: string[] = []
  private readonly failed: string[] = []
  private readonly due = new Set<ScenarioStep>()
  private readonly waiting: Set<ScenarioStep>
  private readonly armed = new Map<string, string>()
  private readonly stops: (() => void)[] = []
  private readonly begun: Counts
  private isStopped = false

  constructor(
    private readonly broker: Broker,
    private readonly scenario: Scenario,
  ) {
    this.waiting = new Set(scenario.steps)
    this.begun = countsOf(broker)
  }

  start(): void {
    this.broker.log('a scenario begins', { scenario: this.scenario.name })
    for (const step of this.scenario.steps) {
      if (step.after === undefined) this.takeLater(step, step.atMs ?? 0)
    }
    if (this.scenario.steps.every((step) => step.after === undefined)) return
    this.stops.push(this.broker.clock.every(LOOK_EVERY_MS, () => this.look()))
  }

  stop(): void {
    if (this.waiting.size > 0) this.isStopped = true
    for (const stop of this.stops) stop()
  }

  report(): ScenarioReport {
    const state = this.isStopped ? 'stopped' : this.waiting.size > 0 ? 'running' : 'finished'
    const waiting = [...this.waiting].map((step) => step.name)
    return { name: this.scenario.name, state, taken: this.taken, waiting, failed: this.failed }
  }

  private look(): void {
    for (const step of this.waiting) {
      if (!this.due.has(step) && this.hasCome(step)) this.takeLater(step, step.delayMs)
    }
  }

  private hasCome({ after }: ScenarioStep): boolean {
    if (after === undefined) return true
    if ('step' in after) return this.taken.includes(after.step)
    const { orders, trades } = countsOf(this.broker)
    if ('orders' in after) return orders - this.begun.orders >= after.orders
    if ('trades' in after) return trades - this.begun.trades >= after.trades
    return happenedSince(this.broker, this.begun, after.fault) >= after.happened
  }

  private takeLater(step: ScenarioStep, delayMs: number): void {
    this.due.add(step)
    if (delayMs === 0) this.take(step)
    else this.stops.push(this.broker.clock.later(delayMs, () => this.take(step)))
  }

  private take(step: ScenarioStep): void {
    if (this.isStopped) return
    this.waiting.delete(step)
    this.taken.push(step.name)
    this.broker.log('a step of the scenario is taken', { scenario: this.scenario.name, step: step.name })
    try {
      this.act(step)
    } catch (error) {
      this.failed.push(`${step.name}: ${error instanceof Error ? error.message : String(error)}`)
      this.broker.log('a step of the scenario failed', { step: step.name, error: this.failed.at(-1) })
    }
    if (this.waiting.size === 0) this.stop()
  }

  private act({ arm = [], clear, price = [], advanceMs }: ScenarioStep): void {
    for (const { as, fault } of arm) {
      const armed = armRule(this.broker, fault)
      if (as !== undefined) this.armed.set(as, armed.fault.id)
    }
    if (clear === 'all') this.broker.faults.clear()
    else for (const as of clear ?? []) this.broker.faults.clear(this.armed.get(as) ?? '')
    for (const request of price) movePrice(this.broker, request)
    if (advanceMs === undefined) return
    const { clock } = this.broker
    if (!(clock instanceof VirtualClock)) throw new Error('advanceMs needs a simulator with a virtual clock')
    clock.advanceBy(advanceMs)
  }
}

interface Counts {
  readonly orders: number
  readonly trades: number
  readonly faults: Readonly<Record<string, number>>
}

function countsOf({ ledger, accounts, faults }: Broker): Counts {
  const clients = new Set(accounts.flatMap((account) => account.clientCodes))
  let trades = 0
  for (const client of clients) trades += ledger.tradesOf(client).length
  return { orders: ledger.receipts.length, trades, faults: faults.happened() }
}

const happenedSince = (broker: Broker, begun: Counts, fault: string): number =>
  (broker.faults.happened()[fault] ?? 0) - (begun.faults[fault] ?? 0)
