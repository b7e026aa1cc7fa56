import { readPacket } from './read-packet'
import { readEventName, readObject, type TapeMessage } from './tape-message'

/** The last values a tape told about its instruments: what quotes of them answer. */
export class ReplayedValues {
  /** By `to`: the last whole JSON text. */
  private readonly whole = new Map<string, string>()
  /** By `to`: the keys of the partial texts so far; a later text need not repeat them. */
  private readonly partial = new Map<string, Map<string, string>>()

  /** Takes a message in and gives the instrument's last price, if it tells one. */
  learn({ to, event, payload }: TapeMessage): number | undefined {
    if (typeof payload !== 'string') return this.learnPacket(to, payload)
    if (readEventName(event)?.form === 'full') {
      this.whole.set(to, payload)
      return numberIn(LAST_PRICE.exec(payload)?.[1])
    }
    const keys = this.partial.get(to) ?? new Map<string, string>()
    this.partial.set(to, keys)
    const changed = readKeys(payload)
    for (const [key, value] of changed) keys.set(key, value)
    return numberIn(changed.get('ltp'))
  }

  /** A quote with the last values, or undefined when the tape told none of this code yet. 1501 has its flat form. */
  quote(code: number, key: string): string | undefined {
    const to = `${code}:${key}`
    const whole = this.whole.get(to)
    if (whole !== undefined) return code === 1501 ? flat(whole) : whole
    const keys = this.partial.get(to)
    const built = keys && fromPartial(code, key, keys)
    return built && JSON.stringify(built)
  }

  /** What a subscription answers: the recorded text itself where there is one. */
  snapshot(code: number, key: string): string | undefined {
    return this.whole.get(`${code}:${key}`) ?? this.quote(code, key)
  }

  private learnPacket(to: string, frame: Buffer): number | undefined {
    const packet = readPacket(frame)
    if (!packet) return undefined
    const text = JSON.stringify(packet.fields)
    this.whole.set(to, text)
    return numberIn(LAST_PRICE.exec(text)?.[1])
  }

  forget(): void {
    this.whole.clear()
    this.partial.clear()
  }
}

const LAST_PRICE = /"LastTradedPrice":(-?[\d.]+(?:[eE][-+]?\d+)?)/

function numberIn(text: string | undefined): number | undefined {
  const read = Number(text)
  return text !== undefined && Number.isFinite(read) ? read : undefined
}

function readKeys(text: string): Map<string, string> {
  const keys = new Map<string, string>()
  for (const part of text.split(',')) {
    const at = part.indexOf(':')
    if (at > 0) keys.set(part.slice(0, at), part.slice(at + 1))
  }
  return keys
}

type Fields = Record<string, unknown>

/** A nested 1501 with its touchline at the top level, as quotes have it. */
function flat(text: string): string {
  const message = readObject(text)
  const touchline = message?.['Touchline']
  if (!message || typeof touchline !== 'object' || touchline === null) return text
  const { BidInfo, AskInfo, BuyBackTotalBuy, BuyBackTotalSell, ...figures } = touchline as Fields
  void [BuyBackTotalBuy, BuyBackTotalSell]
  const { MessageCode, ExchangeSegment, ExchangeInstrumentID, XMarketType, BookType } = message
  const head = { MessageCode, ExchangeSegment, ExchangeInstrumentID }
  return JSON.stringify({ ...head, ...figures, AskInfo, BidInfo, XMarketType, BookType })
}

function fromPartial(code: number, key: string, keys: ReadonlyMap<string, string>): Fields | undefined {
  const [segment, token] = key.split(':').map(Number)
  const head = { MessageCode: code, ExchangeSegment: segment, ExchangeInstrumentID: token }
  const figure = (name: string): number => numberIn(keys.get(name)) ?? 0
  const ends = { XMarketType: figure('mt'), BookType: figure('bt') }
  switch (code) {
    case 1501:
      return { ...head, ...figuresOf(figure), AskInfo: levels(keys.get('ai'))[0], BidInfo: levels(keys.get('bi'))[0], ...ends } // prettier-ignore
    case 1502:
      return { ...head, Bids: levels(keys.get('bi')), Asks: levels(keys.get('ai')), Touchline: figuresOf(figure), ...ends } // prettier-ignore
    case 1510:
      return { ...head, OpenInterest: figure('o') }
    case 1512:
      return { ...head, LastTradedPrice: figure('ltp'), LastTradedQunatity: figure('ltq'), LastUpdateTime: figure('lut'), ...ends } // prettier-ignore
    default:
      return undefined
  }
}

function figuresOf(figure: (name: string) => number): Fields {
  return {
    LastTradedPrice: figure('ltp'),
    LastTradedQunatity: figure('ltq'),
    TotalBuyQuantity: figure('tb'),
    TotalSellQuantity: figure('ts'),
    TotalTradedQuantity: figure('v'),
    AverageTradedPrice: figure('ap'),
    LastTradedTime: figure('ltt'),
    LastUpdateTime: figure('lut'),
    PercentChange: figure('pc'),
    Open: figure('o'),
    High: figure('h'),
    Low: figure('l'),
    Close: figure('c'),
    TotalValueTraded: null,
  }
}

/** `0|100|35147.65|2`: place, size, price, orders; and again for each level. */
function levels(text: string | undefined): Fields[] {
  const cells = (text ?? '0|0|0|0').split('|').map(Number)
  const rows: Fields[] = []
  for (let at = 0; at + 3 < cells.length; at += 4) {
    const [, Size, Price, TotalOrders] = cells.slice(at, at + 4)
    rows.push({ Size, Price, TotalOrders, BuyBackMarketMaker: 0 })
  }
  return rows
}
