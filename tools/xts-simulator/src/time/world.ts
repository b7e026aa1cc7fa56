import { WallClock, type SimClock } from './sim-clock'
import { RandomIds, SeededIds, type SimIds } from './sim-ids'
import { VirtualClock } from './virtual-clock'

/** What a simulator takes from outside itself: time and chance. */
export interface World {
  readonly clock: SimClock
  readonly ids: SimIds
  /** Names for the sockets of one door; undefined leaves them to chance. */
  socketIds(door: string): SimIds | undefined
}

export interface WorldSettings {
  readonly clock: 'wall' | 'virtual'
  readonly start: string
  readonly stepMs: number
  readonly seed: number
}

/** The machine's own time and chance; or time that only moves when told, and the same chance in every run of a seed. */
export function openWorld({ clock, start, stepMs, seed }: WorldSettings): World {
  if (clock === 'wall') {
    return { clock: new WallClock(), ids: new RandomIds(), socketIds: () => undefined }
  }
  return {
    clock: new VirtualClock(Date.parse(start), stepMs),
    ids: new SeededIds(seed),
    // A row of its own for each door: which of two doors is opened first must not matter to anything else.
    socketIds: (door) => new SeededIds(`${seed} ${door}`),
  }
}
