/** Why the simulator emits something else than a sample, difference by difference, by the sample's name. */
export const KNOWN_DIFFERENCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {}
