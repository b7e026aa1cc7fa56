import type { Clock } from '@xts-bridge/contracts'
import { houseRecordFile, removeHouseRecord, writeHouseRecord, type HouseRecord } from './house-record'
import type { HouseMode, ServicePlan } from './house-plan'
import { probeReadiness } from './readiness-probe'
import { Screen, seconds } from './screen'
import type { HouseSettings } from './settings'
import { SupervisedService, type ServiceNews } from './supervised-service'

const PROBE_WHILE_STARTING_MS = 200
const PROBE_WHEN_READY_MS = 3_000
/** How often the screen repeats what a service that takes long is waiting for. */
const WAIT_SAID_EVERY_MS = 10_000

interface Room {
  readonly plan: ServicePlan
  readonly service: SupervisedService
  isReady: boolean
  restarts: number
  /** When its present wait for readiness began, and when the screen last spoke of it. */
  waitingSinceMs: number
  saidAtMs: number
}

export interface HouseOptions {
  readonly mode: HouseMode
  readonly services: readonly ServicePlan[]
  readonly settings: HouseSettings
  readonly programOf: (plan: ServicePlan) => string
  readonly environmentOf: (plan: ServicePlan) => Readonly<Record<string, string>>
  readonly logFolder: string
  readonly clock: Clock
  readonly screen: Screen
  /** Called once, when every service is ready. */
  readonly onReady: () => void
  /** The house cannot go on: a service's settings are wrong before it was ever ready. */
  readonly onHopeless: (message: string) => void
}

/** All processes of one house: started in order, watched, started again when they die, stopped in reverse. */
export class House {
  private readonly rooms: readonly Room[]
  private readonly recordFile: string
  private probeTimer: NodeJS.Timeout | undefined
  private wasReady = false
  private isStopping = false

  constructor(private readonly options: HouseOptions) {
    this.recordFile = houseRecordFile(options.settings.DATA_DIR)
    this.rooms = options.services.map((plan) => this.furnish(plan))
  }

  start(): void {
    for (const room of this.rooms) room.service.start()
    this.probeSoon()
  }

  /** Stops the services one after the other, the last started first. */
  async stop(): Promise<void> {
    this.isStopping = true
    clearTimeout(this.probeTimer)
    for (const { service } of [...this.rooms].reverse()) await service.stop()
    removeHouseRecord(this.recordFile)
  }

  private furnish(plan: ServicePlan): Room {
    const { programOf, environmentOf, logFolder, clock } = this.options
    const service = new SupervisedService({
      name: plan.name,
      program: programOf(plan),
      environment: environmentOf(plan),
      logFolder,
      clock,
      onNews: (news) => this.tell(room, news),
    })
    const now = clock.nowMs()
    const room: Room = { plan, service, isReady: false, restarts: 0, waitingSinceMs: now, saidAtMs: now }
    return room
  }

  private tell(room: Room, news: ServiceNews): void {
    const { screen, clock } = this.options
    const name = room.plan.name
    switch (news.kind) {
      case 'launched':
        room.waitingSinceMs = room.saidAtMs = clock.nowMs()
        break
      case 'ended':
        room.isReady = false
        room.restarts += 1
        screen.service(name, `ended (${news.how}); starting it again in ${seconds(news.restartInMs)}`)
        if (news.reason !== undefined) screen.service('', news.reason)
        screen.service('', `log: ${room.service.logFile}`)
        this.probeSoon()
        break
      case 'settings-wrong':
        room.isReady = false
        this.settingsWrong(name, news.message)
        break
      case 'killed':
        screen.service(name, `did not stop within ${seconds(news.afterMs)} and was killed`)
        break
      case 'stopped-badly':
        screen.service(name, `did not stop cleanly (${news.how}); log: ${room.service.logFile}`)
        break
    }
    this.record()
  }

  private settingsWrong(name: string, message: string): void {
    if (!this.wasReady) return this.options.onHopeless(message)
    this.options.screen.service(name, `is not started again: ${message}`)
  }

  private probeSoon(): void {
    clearTimeout(this.probeTimer)
    const delayMs = this.rooms.every((room) => room.isReady) ? PROBE_WHEN_READY_MS : PROBE_WHILE_STARTING_MS
    this.probeTimer = setTimeout(() => void this.probeAll(), delayMs)
  }

  private async probeAll(): Promise<void> {
    await Promise.all(this.rooms.map((room) => this.probe(room)))
    if (this.isStopping) return
    if (!this.wasReady && this.rooms.every((room) => room.isReady)) {
      this.wasReady = true
      this.record()
      this.options.onReady()
    }
    this.probeSoon()
  }

  private async probe(room: Room): Promise<void> {
    const { settings, clock, screen } = this.options
    const pid = room.service.pid
    if (pid === undefined) return
    const host = room.plan.name === 'simulator' ? '127.0.0.1' : settings.HTTP_HOST
    const answer = await probeReadiness(host, settings[room.plan.healthPort], room.plan.readyPath)
    // The process that answered may have died meanwhile.
    if (this.isStopping || room.service.pid !== pid) return
    const now = clock.nowMs()
    if (answer.isReady !== room.isReady) this.changeReadiness(room, answer.isReady, answer.waitingFor)
    else if (!answer.isReady && now - room.saidAtMs >= WAIT_SAID_EVERY_MS) {
      room.saidAtMs = now
      const waitedFor = answer.waitingFor.join(', ') || 'readiness'
      screen.service(room.plan.name, `waits for ${waitedFor} (${seconds(now - room.waitingSinceMs)})`)
    }
  }

  private changeReadiness(room: Room, isReady: boolean, waitingFor: readonly string[]): void {
    const { clock, screen } = this.options
    const now = clock.nowMs()
    room.isReady = isReady
    if (isReady) {
      const again = room.restarts > 0 || this.wasReady ? ' again' : ''
      screen.service(room.plan.name, `ready${again} after ${seconds(now - room.waitingSinceMs)}`)
    } else {
      room.waitingSinceMs = room.saidAtMs = now
      screen.service(room.plan.name, `is not ready any more: waits for ${waitingFor.join(', ')}`)
    }
    this.record()
  }

  private record(): void {
    if (this.isStopping) return
    const services = this.rooms.map(({ plan, service, isReady, restarts }) => {
      const entry = { pid: service.pid, isReady, restarts, logFile: service.logFile }
      return [plan.name, entry] as const
    })
    const record: HouseRecord = {
      supervisorPid: process.pid,
      mode: this.options.mode,
      isReady: this.rooms.every((room) => room.isReady),
      services: Object.fromEntries(services),
    }
    writeHouseRecord(this.recordFile, record)
  }
}
