const WINDOW_MS = 600_000
/** So many kicks within ten minutes mean that somebody else logs in with the same keys. */
const KICKS_TO_CONTEST = 3

/** Counts how often a live session was taken from us. */
export class KickWindow {
  private kicks: readonly number[] = []

  /** Notes one kick; true when the session is contested. */
  note(nowMs: number): boolean {
    this.kicks = [...this.kicks.filter((atMs) => nowMs - atMs < WINDOW_MS), nowMs]
    return this.kicks.length >= KICKS_TO_CONTEST
  }
}
