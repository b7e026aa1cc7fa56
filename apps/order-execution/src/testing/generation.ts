/** One process of order-execution: what it can still do, and when it dies. */
export class Generation {
  isDead = false
  portCalls = 0
  /** The process dies at this call of a port: before it has an effect, or after, before the caller hears of it. */
  dies: { readonly atCall: number; readonly when: 'before' | 'after' } | undefined

  /** A port call of this process; one of a dead process has no effect and never returns. */
  async call<T>(effect: () => Promise<T>): Promise<T> {
    if (this.isDead) return new Promise(() => undefined)
    this.portCalls += 1
    const isLast = this.portCalls === this.dies?.atCall
    if (isLast) this.isDead = true
    if (isLast && this.dies?.when === 'before') return new Promise(() => undefined)
    const result = await effect()
    if (this.isDead) return new Promise(() => undefined)
    return result
  }
}
