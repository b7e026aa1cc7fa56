import type { Broker } from '../rest/broker'
import type { Scenario } from './read-scenario'
import { runScenario, type ScenarioReport, type ScenarioRun } from './run-scenario'

/** Holds one scenario at a time: a new one takes the place of what still runs. */
export class ScenarioSlot {
  private run: ScenarioRun | undefined

  constructor(private readonly broker: Broker) {}

  begin(scenario: Scenario): void {
    this.run?.stop()
    this.run = runScenario(this.broker, scenario)
  }

  stop(): void {
    this.run?.stop()
  }

  report(): ScenarioReport | { readonly state: 'none' } {
    return this.run?.report() ?? { state: 'none' }
  }
}
