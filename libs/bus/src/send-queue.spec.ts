import { SendQueue } from './send-queue'

/** Takes one message at a time, like a ZeroMQ socket. */
class OneAtATime {
  readonly sent: string[] = []
  private settle: ((error?: Error) => void) | undefined

  send(frames: (Buffer | string)[]): Promise<void> {
    if (this.settle) throw new Error('EBUSY')
    return new Promise((resolve, reject) => {
      this.settle = (error) => {
        this.settle = undefined
        if (error) return reject(error)
        this.sent.push(String(frames[0]))
        resolve()
      }
    })
  }

  async finish(error?: Error): Promise<void> {
    this.settle?.(error)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('SendQueue', () => {
  it('sends one message at a time and in order', async () => {
    const socket = new OneAtATime()
    const failures: unknown[] = []
    const queue = new SendQueue(socket, (error) => failures.push(error))
    for (const name of ['a', 'b', 'c']) queue.push([name])
    expect(socket.sent).toEqual([])
    for (const _ of 'abc') await socket.finish()
    expect(socket.sent).toEqual(['a', 'b', 'c'])
    expect(failures).toEqual([])
  })

  it('goes on after a message that cannot be delivered', async () => {
    const socket = new OneAtATime()
    const failures: unknown[] = []
    const queue = new SendQueue(socket, (error) => failures.push(error))
    queue.push(['gone'])
    queue.push(['here'])
    const unreachable = new Error('EHOSTUNREACH')
    await socket.finish(unreachable)
    await socket.finish()
    expect(failures).toEqual([unreachable])
    expect(socket.sent).toEqual(['here'])
  })

  it('is idle only when everything was handed over', async () => {
    const socket = new OneAtATime()
    const queue = new SendQueue(socket, () => undefined)
    await queue.idle()
    queue.push(['a'])
    queue.push(['b'])
    let isIdle = false
    const idle = queue.idle().then(() => (isIdle = true))
    await socket.finish()
    expect(isIdle).toBe(false)
    await socket.finish()
    await idle
    expect(socket.sent).toEqual(['a', 'b'])
  })
})
