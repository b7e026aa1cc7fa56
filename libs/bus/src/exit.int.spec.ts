import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { Dealer, Subscriber } from 'zeromq'

const ROOT = resolve(__dirname, '../../..')

interface Ended {
  readonly code: number | null
  readonly output: string
}

/** Runs the script in a process of its own, calls back per line it prints, and kills it when it does not end. */
function run(script: string, onLine: (line: string) => void = () => undefined): Promise<Ended> {
  const child = spawn(process.execPath, ['-r', './libs/bus/src/testing/load-typescript.cjs', '-e', script], {
    cwd: ROOT,
  })
  let output = ''
  createInterface(child.stdout).on('line', (line) => {
    output += `${line}\n`
    onLine(line)
    // Shorter than the heartbeat timeout, which would free a process that waits for peers in its own way.
    if (line === 'closed') setTimeout(() => child.kill('SIGKILL'), 4_000).unref()
  })
  child.stderr.on('data', (chunk) => (output += String(chunk)))
  const giveUp = setTimeout(() => child.kill('SIGKILL'), 20_000)
  return new Promise((done) => {
    child.on('close', (code) => {
      clearTimeout(giveUp)
      done({ code, output })
    })
  })
}

const PARTS = `
  const bus = require('./libs/bus/src/index.ts')
  const { realClock: clock, countingIds } = require('./libs/bus/src/testing/real-ports.ts')
  const { serveEcho } = require('./libs/bus/src/testing/served.ts')
  const at = { endpoint: 'tcp://127.0.0.1:*', endpointSetting: 'TEST', clock }
`

describe('a process whose bus is closed', () => {
  it('ends by itself, although replies, events and ticks were never read', async () => {
    const script = `${PARTS}
      const { Dealer, Subscriber } = require('zeromq')
      void (async () => {
        const { server, app, seen } = await serveEcho({ drainMs: 50 })
        const events = new bus.EventPublisher({ ...at, epoch: 'e' })
        const ticks = new bus.TickPublisher({ ...at, onDemand() {} })
        const eventsEndpoint = await events.bind()
        const ticksEndpoint = await ticks.bind()
        const client = new bus.RequestClient({ endpoint: server.boundEndpoint, clock, ids: countingIds(), apiKey: 'open sesame' })
        await client.request('order.place', 1)
        const stuck = client.request('order.status', 2).catch((error) => error.code)
        const nowhere = new bus.RequestClient({ endpoint: 'tcp://127.0.0.1:1', clock, ids: countingIds() })
        const unsent = nowhere.request('order.place', 3, { timeoutMs: 60000 }).catch((error) => error.code)
        const subscriber = new bus.EventSubscriber({ endpoint: eventsEndpoint, clock, onEvent() {} })
        subscriber.start()
        const reader = new bus.TickSubscriber({ endpoint: ticksEndpoint, onTick() {} })
        reader.subscribe('NSE_A_LTP')
        const deaf = new Dealer({ linger: 0 })
        deaf.connect(server.boundEndpoint)
        for (let n = 0; n < 50; n += 1) await deaf.send(['nonsense'])
        for (let n = 0; n < 1000; n += 1) events.publish('a', n)
        await app.close()
        deaf.close()
        for (const part of [nowhere, client, subscriber, reader, events, ticks]) await part.close()
        console.log(await stuck, await unsent)
      })()
    `
    const { code, output } = await run(script)
    expect(output.trim()).toBe('REPLY_LOST REQUEST_NOT_SENT')
    expect(code).toBe(0)
  })

  it('ends although living peers do not read what was sent to them', async () => {
    const script = `${PARTS}
      void (async () => {
        const { server, app, seen } = await serveEcho()
        const events = new bus.EventPublisher({ ...at, epoch: 'e' })
        console.log(server.boundEndpoint + ' ' + (await events.bind()))
        const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
        while (seen.requests.length < 100) await wait(5)
        for (let n = 0; n < 200; n += 1) events.publish('a', 'x'.repeat(100_000))
        await app.close()
        await events.close()
        console.log('closed')
      })()
    `
    const deaf = new Dealer({ linger: 0, receiveHighWaterMark: 1 })
    const frozen = new Subscriber({ linger: 0, receiveHighWaterMark: 1 })
    const begin = (line: string): void => {
      const [requests, events] = line.split(' ')
      if (requests === undefined || events === undefined) return
      frozen.connect(events)
      frozen.subscribe('')
      deaf.connect(requests)
      const envelope = { v: 1, id: 'x', apiKey: 'open sesame', data: 'x'.repeat(200_000) }
      const body = JSON.stringify(envelope)
      void (async () => {
        for (let n = 0; n < 100; n += 1) await deaf.send(['order.place', body])
      })()
    }
    const { code, output } = await run(script, begin)
    deaf.close()
    frozen.close()
    expect(output).toContain('closed')
    expect(code).toBe(0)
  })

  it('lives on while a server is open', async () => {
    const script = `${PARTS}
      void serveEcho().then(({ app }) => setTimeout(() => { console.log('alive'); void app.close() }, 300).unref())
    `
    const { code, output } = await run(script)
    expect(output.trim()).toBe('alive')
    expect(code).toBe(0)
  })
})
