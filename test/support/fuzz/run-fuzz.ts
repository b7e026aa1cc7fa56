import { eventually } from '../eventually'
import { fuzzConnection } from './fuzz-frames'
import { eachFieldSpoiled } from './each-field'
import { FuzzHttp, spoiledRequest, type FuzzAnswer, type WireRequest } from './fuzz-http'
import type { FuzzedSimulator, Measure } from './fuzzed-simulator'
import { brokerProblem, controlProblem } from './judge-answer'
import { SeededChance } from './seeded-chance'
import {
  BROKER_REQUESTS,
  CONTROL_REQUESTS,
  EACH_BROKER_REQUEST,
  RESTING_ORDER,
  type SoundRequest,
} from './sound-requests'

/** What was sent, and everything that was wrong with what came back. */
export interface FuzzReport {
  readonly requests: number
  readonly frames: number
  readonly problems: readonly string[]
  readonly before: Measure
  readonly after: Measure
}

const PREFIX = { interactive: '/interactive', market: '/apibinarymarketdata', open: '' } as const
const DOORS = [
  '/interactive/socket.io',
  '/apimarketdata/socket.io',
  '/apibinarymarketdata/socket.io',
] as const
const KEYS = {
  interactive: {
    appKey: 'simulator-interactive-key',
    secretKey: 'simulator-interactive-secret',
    source: 'WEBAPI',
  },
  market: { appKey: 'simulator-market-key', secretKey: 'simulator-market-secret' },
}
/** Spoiled log-outs and log-ins end the session now and then. */
const REQUESTS_PER_LOGIN = 100
const PROBLEMS_TOLD = 20
/** Connections that go through all fields side by side. */
const LANES = 4
const SETTLES_WITHIN_MS = 15_000
/** Of the time, for the broker's requests; the rest is for the control API. */
const BROKER_PART = 0.8

type ProblemOf = (request: WireRequest, answer: FuzzAnswer) => string | undefined

/** One run against one simulator: requests one after the other, connections beside them, both from the seed. */
export class FuzzRun {
  private readonly problems: string[] = []
  private readonly broker: FuzzHttp
  private readonly control: FuzzHttp
  private readonly tokens = { interactive: '', market: '', open: '' }
  private requests = 0
  private frames = 0

  constructor(
    private readonly simulator: FuzzedSimulator,
    private readonly o: { readonly seed: number; readonly durationMs: number },
  ) {
    this.broker = new FuzzHttp(simulator.port)
    this.control = new FuzzHttp(simulator.controlPort)
  }

  async run(): Promise<FuzzReport> {
    const { seed, durationMs } = this.o
    await this.logIn()
    await this.leave()
    const before = await this.simulator.measure()
    await this.logIn()
    await this.spoilEachField()
    const untilMs = Date.now() + durationMs * BROKER_PART
    await Promise.all([
      this.fuzzBroker(new SeededChance(seed), untilMs),
      this.fuzzFrames(new SeededChance(seed + 1), untilMs),
    ])
    await this.fuzzControl(new SeededChance(seed + 2), Date.now() + durationMs * (1 - BROKER_PART))
    if (this.simulator.death() === undefined) await this.putControlRight()
    if (this.simulator.death() === undefined) await this.leave()
    const after = this.simulator.death() === undefined ? await this.simulator.measure() : before
    const { requests, frames, problems } = this
    return { requests, frames, problems, before, after }
  }

  /** Chance finds one word in one field too seldom: before it has its way, each field has each hostile scalar once. */
  private async spoilEachField(): Promise<void> {
    for (const sound of EACH_BROKER_REQUEST) {
      const meant = await this.withOwnOrder(sound)
      const spoiled = [...eachFieldSpoiled(meant, PREFIX[sound.api], this.tokens[sound.api])]
      await this.sendAll(this.simulator.port, spoiled, brokerProblem)
    }
    const ofControl = CONTROL_REQUESTS.flatMap((sound) => [...eachFieldSpoiled(sound, '', '')])
    await this.sendAll(this.simulator.controlPort, ofControl, controlProblem)
    await this.putControlRight()
  }

  /** Names an order that rests where an order is named: of one it does not know the broker looks at nothing else. */
  private async withOwnOrder(sound: SoundRequest): Promise<SoundRequest> {
    const { body, query } = sound
    if (body?.['appOrderID'] === undefined && query?.['appOrderID'] === undefined) return sound
    const headers = { 'content-type': 'application/json', authorization: this.tokens.interactive }
    const order = {
      method: 'POST',
      path: '/interactive/orders',
      headers,
      body: JSON.stringify(RESTING_ORDER),
    }
    const { text } = await this.broker.send(order)
    const { AppOrderID } = (JSON.parse(text) as { result: { AppOrderID: number } }).result
    return {
      ...sound,
      ...(body && { body: { ...body, ...('appOrderID' in body && { appOrderID: AppOrderID }) } }),
      ...(query && { query: { ...query, ...('appOrderID' in query && { appOrderID: String(AppOrderID) }) } }),
    }
  }

  private async sendAll(port: number, all: readonly WireRequest[], problemOf: ProblemOf): Promise<void> {
    const left = all.values()
    const lanes = Array.from({ length: LANES }, async () => {
      const http = new FuzzHttp(port)
      for (const wire of left) {
        if (!this.goesOn(Infinity)) break
        await this.judge(http, wire, problemOf)
      }
      http.close()
    })
    await Promise.all(lanes)
  }

  /** What the control API was told to do wrong ends. */
  private async putControlRight(): Promise<void> {
    for (const path of ['/scenario', '/faults']) {
      await this.control.send({ method: 'DELETE', path, headers: {}, body: undefined })
    }
  }

  private async fuzzBroker(chance: SeededChance, untilMs: number): Promise<void> {
    while (this.goesOn(untilMs)) {
      if (this.requests % REQUESTS_PER_LOGIN === 0) await this.logIn()
      const sound = BROKER_REQUESTS[chance.below(BROKER_REQUESTS.length)]
      if (sound === undefined) continue
      const wire = spoiledRequest(sound, PREFIX[sound.api], this.tokens[sound.api], chance)
      await this.judge(this.broker, wire, brokerProblem)
    }
  }

  private async fuzzControl(chance: SeededChance, untilMs: number): Promise<void> {
    while (this.goesOn(untilMs)) {
      const sound: SoundRequest | undefined = CONTROL_REQUESTS[chance.below(CONTROL_REQUESTS.length)]
      if (sound === undefined) continue
      await this.judge(this.control, spoiledRequest(sound, '', '', chance), controlProblem)
    }
  }

  private async fuzzFrames(chance: SeededChance, untilMs: number): Promise<void> {
    while (this.goesOn(untilMs)) {
      const path = chance.pick(DOORS)
      const token = path === DOORS[0] ? this.tokens.interactive : this.tokens.market
      try {
        this.frames += await fuzzConnection({ port: this.simulator.port, token, path }, chance)
      } catch (error) {
        this.tell(`a connection to ${path}: ${String(error)}`)
      }
    }
  }

  private goesOn(untilMs: number): boolean {
    const death = this.simulator.death()
    if (death !== undefined) this.tell(death)
    return death === undefined && Date.now() < untilMs && this.problems.length < PROBLEMS_TOLD
  }

  private async judge(http: FuzzHttp, wire: WireRequest, problemOf: ProblemOf): Promise<void> {
    this.requests += 1
    try {
      const answer = await http.send(wire)
      const problem = problemOf(wire, answer)
      if (problem !== undefined)
        this.tell(`${problem}: ${described(wire)} -> ${answer.status} ${answer.text.slice(0, 300)}`)
    } catch (error) {
      this.tell(`no answer: ${described(wire)}: ${String(error)}`)
    }
  }

  private tell(problem: string): void {
    if (!this.problems.includes(problem)) this.problems.push(problem)
  }

  private async logIn(): Promise<void> {
    for (const [api, path] of [
      ['interactive', '/interactive/user/session'],
      ['market', '/apibinarymarketdata/auth/login'],
    ] as const) {
      const headers = { 'content-type': 'application/json' }
      const answer = await this.broker.send({
        method: 'POST',
        path,
        headers,
        body: JSON.stringify(KEYS[api]),
      })
      const body = JSON.parse(answer.text) as { result: { token: string } }
      this.tokens[api] = body.result.token
    }
  }

  /** Ends both sessions, and waits until no socket is left. */
  private async leave(): Promise<void> {
    await this.logIn()
    for (const [api, path] of [
      ['interactive', '/interactive/user/session'],
      ['market', '/apibinarymarketdata/auth/logout'],
    ] as const) {
      const headers = { authorization: this.tokens[api] }
      await this.broker.send({ method: 'DELETE', path, headers, body: undefined })
    }
    this.broker.close()
    this.control.close()
    const settled = await eventually(
      'every connection of the broker is closed',
      SETTLES_WITHIN_MS,
      async () => {
        const { resources } = await this.simulator.measure()
        return (resources['TCPSocketWrap'] ?? 0) === 0 || undefined
      },
    ).catch((error: unknown) => error)
    if (settled !== true) this.tell(String(settled))
  }
}

/** Without its token. */
const described = ({ method, path, body, headers }: WireRequest): string =>
  `${method} ${path.slice(0, 500)} [${headers['content-type'] ?? ''}] ${body?.slice(0, 500) ?? ''}`
