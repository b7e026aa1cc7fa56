import { msOfIndianDay } from '../wire/indian-time'

/** ExchangeOrderIDs are 16 digits and start with two that depend on the segment. */
const EXCHANGE_ORDER_PREFIX: Readonly<Record<string, string>> = {
  NSECM: '11',
  NSEFO: '13',
  NSECD: '14',
  BSECM: '10',
  BSEFO: '12',
}

/** AppOrderIDs wrap after some hundred days, within ten digits. */
const APP_ORDER_ID_FIRST = 1_110_000_000
const APP_ORDER_ID_SPAN = 8_000_000_000

/**
 * The broker's numbers. They start from the clock, so that a simulator restarted on the same day does not give an
 * order the number of an older one.
 */
export class NumberSeries {
  private appOrderId: number
  private exchangeOrderId: number
  private executionId: number
  private sequence: number

  constructor(nowMs: number) {
    this.appOrderId = APP_ORDER_ID_FIRST + (Math.floor(nowMs / 10) % APP_ORDER_ID_SPAN)
    this.exchangeOrderId = nowMs * 10
    this.executionId = msOfIndianDay(nowMs) + 1_000_000
    this.sequence = nowMs * 1000
  }

  /** A number of an earlier run: those that follow are higher, even if that run was faster than the clock. */
  passAppOrderId(used: number): void {
    this.appOrderId = Math.max(this.appOrderId, used)
  }

  /** With its segment's prefix. */
  passExchangeOrderId(used: string): void {
    this.exchangeOrderId = Math.max(this.exchangeOrderId, Number(used.slice(2)))
  }

  passExecutionId(used: string): void {
    this.executionId = Math.max(this.executionId, Number(used))
  }

  passSequence(used: number): void {
    this.sequence = Math.max(this.sequence, used)
  }

  nextAppOrderId(): number {
    return ++this.appOrderId
  }

  nextExchangeOrderId(segment: string): string {
    return `${EXCHANGE_ORDER_PREFIX[segment] ?? '10'}${++this.exchangeOrderId}`
  }

  nextExecutionId(): string {
    return String(++this.executionId)
  }

  nextSequence(): number {
    return ++this.sequence
  }
}
