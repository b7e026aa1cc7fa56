import { encodePacket, type PacketStyle } from '../wire/binary-packets'
import type { BinaryCode, FigureCode } from '../wire/market-codes'
import type { MarketFigures, UnderlyingFigures } from '../wire/market-figures'
import { changedPartial, partialMessage, wholePartial, type PartialMessage } from '../wire/market-partials'
import { fullText, type PayloadStyle } from '../wire/market-payloads'

/** How one gateway writes its ticks. */
export interface TickStyle {
  readonly payload: PayloadStyle
  readonly packet: PacketStyle
}

/** One tick in all its forms. Each form is made when the first socket wants it, and once for all sockets. */
export class TickForms {
  private fullForm: string | undefined
  private partialForm: PartialMessage | undefined
  private wholeForm: string | undefined
  private changedForm: { before: PartialMessage; text: string | undefined } | undefined
  private packetForm: Buffer | undefined

  constructor(
    private readonly code: FigureCode,
    private readonly figures: MarketFigures,
    private readonly style: TickStyle,
    private readonly underlying: UnderlyingFigures | undefined,
  ) {}

  full(): string {
    this.fullForm ??= fullText(this.code, this.figures, this.style.payload, this.underlying)
    return this.fullForm
  }

  partial(): PartialMessage {
    const isRecent = this.style.payload.fields === 'recent'
    this.partialForm ??= partialMessage(this.code, this.figures, isRecent ? this.underlying : undefined)
    return this.partialForm
  }

  wholePartial(): string {
    this.wholeForm ??= wholePartial(this.partial())
    return this.wholeForm
  }

  /** Undefined when nothing is different. */
  changedPartial(before: PartialMessage): string | undefined {
    if (this.changedForm?.before !== before) {
      this.changedForm = { before, text: changedPartial(this.partial(), before) }
    }
    return this.changedForm.text
  }

  packet(code: BinaryCode): Buffer {
    this.packetForm ??= this.packetOf(code, this.figures)
    return this.packetForm
  }

  /** The packet with other figures, for one session; whatever gives back the figures it got changes nothing. */
  changedPacket(code: BinaryCode, change: (figures: MarketFigures) => MarketFigures): Buffer {
    const changed = change(this.figures)
    return changed === this.figures ? this.packet(code) : this.packetOf(code, changed)
  }

  private packetOf(code: BinaryCode, figures: MarketFigures): Buffer {
    return encodePacket(code, figures, this.style.packet, this.underlying)
  }
}
