import type { Session } from '../state/session-registry'

const EVENT = 'xts-binary-packet'

/** Gathers the packets of one moment, so that each session hears several of them in one frame. */
export class BinaryFrames {
  private readonly waiting = new Map<Session, Buffer[]>()

  constructor(private readonly packetsPerFrame: number) {}

  add(session: Session, packet: Buffer): void {
    const packets = this.waiting.get(session)
    if (!packets) this.waiting.set(session, [packet])
    else packets.push(packet)
    if ((packets?.length ?? 1) >= this.packetsPerFrame) this.sendTo(session)
  }

  /** Sends what is gathered. */
  send(): void {
    for (const session of this.waiting.keys()) this.sendTo(session)
  }

  private sendTo(session: Session): void {
    const packets = this.waiting.get(session)
    this.waiting.delete(session)
    const [first, ...others] = packets ?? []
    if (!first) return
    const frame = others.length === 0 ? first : Buffer.concat([first, ...others])
    for (const socket of session.sockets) if (socket.hearsBinary) socket.emit(EVENT, frame)
  }
}
