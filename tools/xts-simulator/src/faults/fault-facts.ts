import type { SimOrder } from '../matching/sim-order'
import type { OrderLedger } from '../state/order-ledger'
import type { Api } from '../state/session-registry'
import type { CallName } from '../rest/call-names'
import { isSegmentName, segmentNamed } from '../universe/segments'

/** What a matching rule can be held against: everything that is known of one request, one event or one order. */
export interface FaultFacts {
  readonly api?: Api | undefined
  readonly call?: CallName | undefined
  readonly event?: string | undefined
  readonly messageCode?: number | undefined
  /** Every instrument it speaks of; a batch has many. */
  readonly instruments?: readonly InstrumentFacts[] | undefined
  readonly tag?: string | undefined
  readonly clientID?: string | undefined
  readonly side?: string | undefined
  readonly product?: string | undefined
  readonly orderType?: string | undefined
}

interface InstrumentFacts {
  readonly segment: string | undefined
  readonly token: number | undefined
}

/** A rule: what is given must be so, what is not given may be anything. */
export interface FaultMatch {
  readonly api?: Api | undefined
  readonly call?: CallName | undefined
  readonly segment?: string | undefined
  readonly token?: number | undefined
  readonly tag?: string | undefined
  readonly tagPrefix?: string | undefined
  readonly clientID?: string | undefined
  readonly side?: string | undefined
  readonly product?: string | undefined
  readonly orderType?: string | undefined
  readonly event?: string | undefined
  readonly messageCode?: number | undefined
}

export function matches(match: FaultMatch, facts: FaultFacts): boolean {
  return (
    isSame(match.api, facts.api) &&
    isCall(match.call, facts.call) &&
    isSame(match.event, facts.event) &&
    isSame(match.messageCode, facts.messageCode) &&
    isSame(match.clientID, facts.clientID) &&
    hasTag(match, facts.tag) &&
    isSameWord(match.side, facts.side) &&
    isSameWord(match.product, facts.product) &&
    isSameWord(match.orderType, facts.orderType) &&
    hasInstrument(match, facts.instruments)
  )
}

const isSame = <T>(wanted: T | undefined, given: T | undefined): boolean =>
  wanted === undefined || wanted === given

/** Cancel-all is a cancel too. */
const isCall = (wanted: CallName | undefined, given: CallName | undefined): boolean =>
  isSame(wanted, given) || (wanted === 'cancel' && given === 'cancel-all')

/** The broker writes BUY and Buy, LIMIT and Limit. */
const isSameWord = (wanted: string | undefined, given: string | undefined): boolean =>
  wanted === undefined || wanted.toUpperCase() === given?.toUpperCase()

const hasTag = ({ tag, tagPrefix }: FaultMatch, given: string | undefined): boolean =>
  isSame(tag, given) && (tagPrefix === undefined || given?.startsWith(tagPrefix) === true)

function hasInstrument(
  { segment, token }: FaultMatch,
  given: readonly InstrumentFacts[] | undefined,
): boolean {
  if (segment === undefined && token === undefined) return true
  return given?.some((one) => isSame(segment, one.segment) && isSame(token, one.token)) === true
}

type Fields = Readonly<Record<string, unknown>>

/** What a request says of itself; of an order that is named by number only, the ledger knows the rest. */
export function factsOfRequest(
  at: { readonly api: Api; readonly call: CallName; readonly body: unknown; readonly query: unknown },
  ledger: OrderLedger,
): FaultFacts {
  const fields: Fields = { ...asFields(at.query), ...asFields(at.body) }
  const known = orderNamed(fields, ledger)
  const batch = Array.isArray(fields['instruments']) ? fields['instruments'].map(asFields) : [fields]
  return {
    api: at.api,
    call: at.call,
    messageCode: number(fields['xtsMessageCode']),
    instruments: batch.map(instrumentOf),
    ...(known && factsOfOrder(known)),
    ...saidOfOrder(fields),
  }
}

/** Of an order as it stands. */
export const factsOfOrder = (order: SimOrder): FaultFacts => ({
  api: 'interactive',
  tag: order.state.tag,
  clientID: order.clientCode,
  side: order.side,
  product: order.state.productType,
  orderType: order.state.orderType,
  instruments: [order.instrument],
})

const SAID_OF_ORDER = {
  tag: 'orderUniqueIdentifier',
  clientID: 'clientID',
  side: 'orderSide',
  product: 'productType',
  orderType: 'orderType',
} as const

/** Only what is there: what is not said must not hide what is known. */
function saidOfOrder(fields: Fields): FaultFacts {
  const said = Object.entries(SAID_OF_ORDER).map(([fact, field]) => [fact, text(fields[field])] as const)
  return Object.fromEntries(said.filter(([, value]) => value !== undefined))
}

const orderNamed = (fields: Fields, ledger: OrderLedger): SimOrder | undefined => {
  const appOrderId = number(fields['appOrderID'])
  return appOrderId === undefined ? undefined : ledger.find(appOrderId)
}

/** What a socket message says of itself, whatever its form: JSON text, key:value text, or a binary packet. */
export function factsOfEvent(api: Api, event: string, payload: string | Buffer): FaultFacts {
  const code = number(/^(\d{4})-json-/.exec(event)?.[1])
  if (typeof payload !== 'string') return { api, event, ...factsOfPacket(payload) }
  if (!payload.startsWith('{')) return { api, event, messageCode: code, ...factsOfPartial(payload) }
  const fields = asFields(JSON.parse(payload))
  return {
    api,
    event,
    messageCode: code ?? number(fields['MessageCode']),
    tag: text(fields['OrderUniqueIdentifier']),
    clientID: text(fields['ClientID']) ?? text(fields['AccountID']),
    side: text(fields['OrderSide']),
    product: text(fields['ProductType']),
    orderType: text(fields['OrderType']),
    instruments: [
      {
        segment: segmentName(fields['ExchangeSegment']),
        token: number(fields['ExchangeInstrumentID']),
      },
    ],
  }
}

/** `t:<segment>_<token>,…` */
function factsOfPartial(payload: string): FaultFacts {
  const [, segment, token] = /^t:(\d+)_(\d+)/.exec(payload) ?? []
  return { instruments: [{ segment: segmentName(segment), token: number(token) }] }
}

/** Code, segment and token stand at 1, 3 and 5 of the packet's head. */
function factsOfPacket(packet: Buffer): FaultFacts {
  if (packet.length < 9) return {}
  return {
    messageCode: packet.readUInt16LE(1),
    instruments: [{ segment: segmentName(packet.readInt16LE(3)), token: packet.readInt32LE(5) }],
  }
}

const instrumentOf = (fields: Fields): InstrumentFacts => ({
  segment: segmentName(fields['exchangeSegment']),
  token: number(fields['exchangeInstrumentID']),
})

/** Orders spell a segment by name, market data by number. */
export function segmentName(value: unknown): string | undefined {
  if (typeof value === 'string' && isSegmentName(value)) return value
  const code = number(value)
  return code === undefined ? undefined : segmentNamed(code)
}

const asFields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function number(value: unknown): number | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined
  const read = Number(value)
  return Number.isFinite(read) ? read : undefined
}
