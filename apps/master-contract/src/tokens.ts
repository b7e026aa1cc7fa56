/** Nest's name for the clock. */
export const CLOCK = Symbol('clock')
