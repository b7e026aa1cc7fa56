const PATIENCE_MS = 10_000

/** Collects what listeners are told, by event name, and waits for it without sleeping. */
export class Heard {
  #events = []
  #waiting = new Set()

  /** A listener that keeps what it is told under this name. */
  as(name) {
    return (argument) => {
      this.#events.push({ name, argument })
      for (const look of [...this.#waiting]) look()
    }
  }

  all(name) {
    return this.#events.filter((event) => event.name === name).map((event) => event.argument)
  }

  /** The first argument under this name that is what is wanted; fails with everything heard when none comes. */
  first(name, isWanted = () => true) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.#events.find((event) => event.name === name && isWanted(event.argument))
        if (!found) return
        clearTimeout(deadline)
        this.#waiting.delete(look)
        resolve(found.argument)
      }
      const deadline = setTimeout(() => {
        this.#waiting.delete(look)
        const names = this.#events.map((event) => event.name).join(', ')
        reject(new Error(`No ${name} as wanted; heard: ${names || 'nothing'}`))
      }, PATIENCE_MS)
      this.#waiting.add(look)
      look()
    })
  }
}

/** Asks until the answer is as wanted; order states follow the acknowledgement by milliseconds. */
export async function eventually(ask, isWanted) {
  for (const giveUpAt = Date.now() + PATIENCE_MS; ;) {
    const answer = await ask()
    if (isWanted(answer)) return answer
    if (Date.now() > giveUpAt) throw new Error(`Never as wanted; last: ${JSON.stringify(answer)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
