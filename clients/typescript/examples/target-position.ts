/**
 * Watches RELIANCE, brings its intraday position to a target, waits for the fill and shows the position.
 *
 *   node dist/clients/typescript/examples/target-position.js [--target 20] [--key-file data/keys/local-api.key]
 *
 * Endpoints are those of a house on this machine; environment variables of the same names as in `.env.example`
 * (ORDERS_REQUESTS_ENDPOINT, …) change them. The key is XTS_BRIDGE_API_KEY, or is read from the key file. A house with
 * CURVE needs --curve-folder, the folder that curve-keys made for this client.
 */
import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readCurveKeys, XtsBridge, type CurveKeys, type OrderEvent, type TickPayload } from '../src/index'

const TICK_TOPIC = 'NSE_RELIANCE_LTP'
const RELIANCE = { exchange: 'NSE', symbol: 'RELIANCE', product: 'MIS' } as const
const TICK_LIMIT_MS = 30_000
const FILL_LIMIT_MS = 30_000
const SETTLE_LIMIT_MS = 10_000

async function main(): Promise<void> {
  const target = targetAsked()
  const bridge = XtsBridge.connect({
    apiKey: apiKey(),
    ordersEndpoint: process.env['ORDERS_REQUESTS_ENDPOINT'],
    ordersEventsEndpoint: process.env['ORDERS_EVENTS_ENDPOINT'],
    feedEndpoint: process.env['FEED_REQUESTS_ENDPOINT'],
    ticksEndpoint: process.env['FEED_TICKS_ENDPOINT'],
    curve: curveKeys(),
    // It is tried again, since a key may just have been let in; without a word, ticks would only stay away.
    onRefused: (refusal) => say(`   ${refusal.message}`),
  })
  try {
    await reachTarget(bridge, target)
  } finally {
    await bridge.close()
  }
}

async function reachTarget(bridge: XtsBridge, asked: number | undefined): Promise<void> {
  say(`1. Subscribing to ticks of ${TICK_TOPIC} …`)
  const tick = await firstTick(bridge)
  say(`   RELIANCE trades at ${rupees(tick.ltp)}.`)

  const position = await netPosition(bridge)
  const target = asked ?? (position === 10 ? 20 : 10)
  say(`2. The position is ${position}; the target is ${target}.`)

  const filledByEvent = new Set<string>()
  const stopEvents = await bridge.onOrderEvent((event) => {
    showEvent(event)
    if (event.order.state === 'filled') filledByEvent.add(event.order.orderId)
  })
  say('3. Sending order.smart …')
  const answer = await bridge.smartOrder({ ...RELIANCE, targetPosition: target })
  if (answer.order === undefined) {
    say('   The position is there already; no order was needed.')
  } else {
    const { orderId, brokerOrderId, state } = answer.order
    say(`   Order ${orderId} (the broker's ${brokerOrderId}) is ${state}.`)
    const filled = await bridge.waitForOrder(orderId, 'filled', FILL_LIMIT_MS)
    await until(() => filledByEvent.has(orderId), 'No event told of the fill.')
    const price = filled.averagePrice === undefined ? '' : ` at ${rupees(filled.averagePrice)} on average`
    say(`4. Filled: ${filled.side} ${filled.filledQuantity} ${filled.symbol}${price}.`)
  }
  stopEvents()
  say(`5. The position is ${await positionOnceAt(bridge, target)}.`)
}

function firstTick(bridge: XtsBridge): Promise<TickPayload> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop()
      reject(new Error(`No tick of ${TICK_TOPIC} came within ${TICK_LIMIT_MS / 1_000} s.`))
    }, TICK_LIMIT_MS)
    const stop = bridge.onTick(TICK_TOPIC, (tick) => {
      clearTimeout(timer)
      stop()
      resolve(tick)
    })
  })
}

async function netPosition(bridge: XtsBridge): Promise<number> {
  const rows = await bridge.positions()
  const mine = rows.filter(
    ({ exchange, symbol, product }) =>
      exchange === RELIANCE.exchange && symbol === RELIANCE.symbol && product === RELIANCE.product,
  )
  return mine.reduce((sum, { quantity }) => sum + quantity, 0)
}

/** The book of positions follows the fill by a moment. */
async function positionOnceAt(bridge: XtsBridge, target: number): Promise<number> {
  await until(
    async () => (await netPosition(bridge)) === target,
    `The position did not become ${target} within ${SETTLE_LIMIT_MS / 1_000} s.`,
  )
  return target
}

async function until(isTrue: () => boolean | Promise<boolean>, problem: string): Promise<void> {
  const giveUpAtMs = Date.now() + SETTLE_LIMIT_MS
  while (!(await isTrue())) {
    if (Date.now() > giveUpAtMs) throw new Error(problem)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function targetAsked(): number | undefined {
  const asked = argumentsGiven().target
  if (asked === undefined) return undefined
  const target = Number(asked)
  if (asked.trim() === '' || !Number.isInteger(target)) {
    throw new Error(`--target must be a whole number, not "${asked}".`)
  }
  return target
}

function showEvent({ order, fill }: OrderEvent): void {
  const what = fill === undefined ? '' : `: ${fill.quantity} at ${rupees(fill.price)}`
  say(`   event: order ${order.orderId} is ${order.state}${what}`)
}

function apiKey(): string {
  const given = process.env['XTS_BRIDGE_API_KEY']
  const file = argumentsGiven()['key-file']
  if (file === undefined && given !== undefined && given !== '') return given
  const path = file ?? 'data/keys/local-api.key'
  if (!existsSync(path)) {
    throw new Error(`There is no key file ${path}: npm start makes it, or name one with --key-file.`)
  }
  return readFileSync(path, 'utf8').trim()
}

function argumentsGiven(): {
  readonly target?: string | undefined
  readonly 'key-file'?: string | undefined
  readonly 'curve-folder'?: string | undefined
} {
  const text = { type: 'string' } as const
  return parseArgs({ options: { target: text, 'key-file': text, 'curve-folder': text } }).values
}

function curveKeys(): CurveKeys | undefined {
  const folder = argumentsGiven()['curve-folder']
  return folder === undefined ? undefined : readCurveKeys(folder)
}

function rupees(price: number): string {
  return `₹${price.toFixed(2)}`
}

function say(line: string): void {
  console.log(line)
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
})
