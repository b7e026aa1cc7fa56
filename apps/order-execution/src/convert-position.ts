import {
  AppError,
  convertPositionSchema,
  parseRequest,
  type ConvertedPosition,
  type ConvertPosition,
  type Instrument,
  type Product,
} from '@xts-bridge/contracts'
import type { ClientOrderClaim } from '@xts-bridge/persistence'
import type { CallOutcome } from '@xts-bridge/xts'
import type { EvidenceWriter } from './evidence-writer'
import type { FirstAnswers } from './first-answers'
import type { CallerContext, HouseAccount } from './house-account'
import type { AccountPort, InstrumentsPort, LogPort, SessionPort } from './ports'
import type { PositionBook } from './position-book'
import { clientOf, type PositionKey } from './position-key'

export interface ConvertPositionParts {
  readonly house: HouseAccount
  readonly answers: FirstAnswers
  readonly writer: EvidenceWriter
  readonly instruments: Pick<InstrumentsPort, 'require'>
  readonly session: Pick<SessionPort, 'ownCodes' | 'reportInvalid'>
  readonly positions: PositionBook
  readonly account: Pick<AccountPort, 'convert'>
  readonly log: LogPort
}

/** One conversion on its way through the story. */
interface Conversion {
  readonly wish: ConvertPosition
  readonly instrument: Instrument
  readonly keys: readonly [PositionKey, PositionKey]
  /** Net quantities before, of the old and the new product. */
  readonly before: readonly [number, number]
  readonly clientOrderId: string | undefined
}

/**
 * `position.convert`: moves a quantity of an open position to another product. It is sent once. When the answer is lost,
 * the position book is the evidence; what it does not show stays unknown, since it may still happen.
 */
export class ConvertPositions {
  constructor(private readonly parts: ConvertPositionParts) {}

  async convert(data: unknown, { clientOrderId }: CallerContext): Promise<ConvertedPosition> {
    const { house, answers, writer, instruments } = this.parts
    const wish = parseRequest(convertPositionSchema, data)
    house.check(wish.account)
    return answers.once({ subject: 'position.convert', body: wish, clientOrderId }, async (claim) => {
      writer.refuseWhenBehind()
      const instrument = instruments.require(wish)
      checkLots(wish, instrument)
      const keys = this.keysOf(wish, instrument)
      const before = await this.nets(wish, keys)
      if (Math.abs(before[0]) < wish.quantity) throw tooSmall(wish, before[0])
      return this.keepAnswer(claim, () => this.send({ wish, instrument, keys, before, clientOrderId }))
    })
  }

  private async send(conversion: Conversion): Promise<ConvertedPosition> {
    const { account, positions, log, session } = this.parts
    const { wish, instrument, keys } = conversion
    const { segment, token } = instrument
    const { fromProduct, toProduct, quantity, isDayWise, clientID, symbol } = wish
    const part = { segment, token, product: fromProduct, quantity, isDayWise, clientID }
    const outcome = await account.convert(part, toProduct)
    log.info('position conversion sent', { symbol, fromProduct, toProduct, quantity, outcome: outcome.kind })
    if (outcome.kind === 'not-sent') throw new AppError('XTS_NOT_SENT', { reason: outcome.reason })
    if (outcome.kind === 'rejected') {
      const { brokerCode, brokerDescription, isSessionInvalid, epoch } = outcome
      if (isSessionInvalid) session.reportInvalid(epoch, brokerDescription)
      throw new AppError('BROKER_REJECTED', { brokerCode, brokerDescription })
    }
    // From here on the position moved without a trade, or may have.
    positions.converted(keys)
    if (outcome.kind === 'ok') return answerOf(conversion, 'reply')
    return this.lookForIt(conversion, outcome)
  }

  private async lookForIt(
    conversion: Conversion,
    { reason }: Extract<CallOutcome<undefined>, { kind: 'unknown' }>,
  ): Promise<ConvertedPosition> {
    const { wish, keys, before, clientOrderId } = conversion
    const lost = (cause?: unknown): AppError => {
      const { symbol, fromProduct, toProduct, quantity } = wish
      const details = { reason, symbol, fromProduct, toProduct, quantity, clientOrderId }
      return new AppError('CONVERSION_REPLY_LOST', details, { cause })
    }
    const after = await this.nets(wish, keys).catch((cause: unknown) => {
      throw lost(cause)
    })
    const moved = Math.sign(before[0]) * wish.quantity
    if (after[0] !== before[0] - moved || after[1] !== before[1] + moved) throw lost()
    return answerOf(conversion, 'position-book')
  }

  /** Net quantities of the old and the new product, from a book that is read now. Throws XTS_READ_FAILED. */
  private async nets(
    { clientID }: ConvertPosition,
    keys: readonly [PositionKey, PositionKey],
  ): Promise<readonly [number, number]> {
    const { positions } = await this.parts.positions.current(clientID, true)
    const netOf = ({ segment, token, product }: PositionKey): number =>
      positions.find(({ key }) => key.segment === segment && key.token === token && key.product === product)
        ?.net ?? 0
    return [netOf(keys[0]), netOf(keys[1])]
  }

  /**
   * A clientOrderId is taken before anything is sent, with the answer of a process that died meanwhile; so the same one
   * never converts twice, after a restart neither.
   */
  private async keepAnswer(
    claim: ClientOrderClaim | undefined,
    work: () => Promise<ConvertedPosition>,
  ): Promise<ConvertedPosition> {
    const { answers, writer } = this.parts
    if (claim === undefined) return work()
    const reason = 'the service stopped before the answer was recorded'
    const details = { reason, clientOrderId: claim.clientOrderId }
    await answers.keep(claim, { ok: false, code: 'CONVERSION_REPLY_LOST', details }, false)
    writer.refuseWhenBehind()
    try {
      const answer = await work()
      await answers.keep(claim, { ok: true, data: answer }, true)
      return answer
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      await answers.keep(claim, { ok: false, code: error.code, details: error.details }, true)
      throw error
    }
  }

  private keysOf(
    { clientID, fromProduct, toProduct }: ConvertPosition,
    { segment, token }: Instrument,
  ): readonly [PositionKey, PositionKey] {
    const client = clientOf(clientID, this.parts.session.ownCodes)
    const key = (product: Product): PositionKey => ({ client, segment, token, product })
    return [key(fromProduct), key(toProduct)]
  }
}

function checkLots({ quantity }: ConvertPosition, { lotSize, symbol }: Instrument): void {
  if (lotSize > 0 && quantity % lotSize !== 0)
    throw new AppError('ORDER_QUANTITY_NOT_LOT_MULTIPLE', { field: 'quantity', quantity, lotSize, symbol })
}

function tooSmall({ fromProduct, symbol, quantity }: ConvertPosition, held: number): AppError {
  return new AppError('POSITION_TOO_SMALL', { product: fromProduct, symbol, held, quantity })
}

function answerOf(
  { wish, clientOrderId }: Conversion,
  evidence: ConvertedPosition['evidence'],
): ConvertedPosition {
  const { exchange, symbol, fromProduct, toProduct, quantity } = wish
  return { exchange, symbol, fromProduct, toProduct, quantity, evidence, clientOrderId }
}
