export { startSimulator, PortUnavailable, type RunningSimulator } from './start-simulator'
export type { SimulatorOptions } from './options'
export type { StateLog } from './state-log'
export { FAULTS, type FaultName } from './faults/catalogue'
