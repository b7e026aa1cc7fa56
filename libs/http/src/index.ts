export type { BreakerOptions } from './circuits'
export * from './http-call'
export * from './http-caller'
export type { RetryOptions } from './read-retry'
