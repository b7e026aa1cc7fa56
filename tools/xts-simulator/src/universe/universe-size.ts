/** `whole` has more than 100,000 instruments; `small` the well-known ones with all their contracts, for quick tests. */
export type UniverseSize = 'whole' | 'small'
