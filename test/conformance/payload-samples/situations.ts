import { asList, asRecord, resultOf } from '../contract/contract-checks'
import { BrokerStage } from './broker-stage'

/** What the simulator emits in one situation, and the moment of its own time at which it did. */
export interface Emission {
  readonly payload: unknown
  readonly atMs: number
}

type Options = Parameters<typeof BrokerStage.open>[0]
type Situation = readonly [options: Options, run: (stage: BrokerStage) => Promise<unknown>]

const RELIANCE = { exchangeSegment: 'NSECM', exchangeInstrumentID: 2885 } as const
const SHARE = { exchangeSegment: 1, exchangeInstrumentID: 2885 } as const
const NIFTY_50 = { exchangeSegment: 1, exchangeInstrumentID: 26000 } as const

/** Nothing moves by itself, so that an order meets the book that was just read. */
const STILL: Options = { ticksPerSecond: 0 }
/** The gateways of 2020 and 2021. */
const OF_2020: Options = { orderRows: '2020', positionRows: '2020', positionMtm: 'computed' }
const BUSY: Options = { ticksPerSecond: 20 }
/** A gateway of 2026 that tells the underlying of an option, too. */
const RECENT: Options = { feedFields: 'recent' }

const SELL_AT_MARKET = { ...RELIANCE, orderType: 'MARKET', orderSide: 'SELL', orderQuantity: 3 } as const

/** How to bring about what each sample shows, by the sample's name. */
export const SITUATIONS: Readonly<Record<string, Situation>> = {
  'socket.order PendingNew (SL-M)': [STILL, stopOrderAccepted],
  'socket.order Cancelled after partial fill (self trade)': [STILL, selfTrade],
  'socket.trade': [
    STILL,
    async (stage) => {
      await stage.listenToOrders()
      await stage.place(SELL_AT_MARKET)
      return stage.event('trade', ({ OrderStatus }) => OrderStatus === 'Filled')
    },
  ],
  'socket.position': [STILL, positionClosed],
  'GET orders row (Filled)': [
    { ...OF_2020, ...STILL },
    async (stage) => {
      const [token = 0] = await stage.tokens('NSEFO', '1', 1)
      return stage.row(await stage.place(await oneLot(stage, token)), 'Filled')
    },
  ],
  'GET orders row (working SL-M: status New)': [
    { ...OF_2020, ...STILL },
    async (stage) => {
      const stopPrice = Math.round((await lastPrice(stage, SHARE)) * 1.02)
      const stop = { ...RELIANCE, orderType: 'STOPMARKET', stopPrice }
      return stage.row(await stage.place(stop), 'New')
    },
  ],
  'GET portfolio/positions positionList row (DayWise)': [{ ...OF_2020, ...STILL }, shortPosition],
  'subscription reply 1502 (listQuotes is an array of JSON strings)': [
    STILL,
    async (stage) => (await stage.quote('subscription', 1502, [await option(stage)])).body,
  ],
  'quotes reply 1510': [
    STILL,
    async (stage) => {
      const tokens = await stage.tokens('NSEFO', '2', 2)
      // Ids in texts, as the sample asked.
      const instruments = tokens.map((token) => ({ exchangeSegment: 2, exchangeInstrumentID: String(token) }))
      return (await stage.quote('quotes', 1510, instruments)).body
    },
  ],
  '1501 full - flat variant (no Touchline wrapper, no header fields)': [
    STILL,
    (stage) => stage.message(1501, SHARE),
  ],
  '1501 full - nested variant (index)': [BUSY, (stage) => socketMessage(stage, 1501, NIFTY_50)],
  '1505 full': [BUSY, (stage) => socketMessage(stage, 1505, SHARE)],
  '1507 market status': [
    { ...BUSY, sessionProfile: 'nse', start: '2026-11-20T08:59:55+05:30' },
    (stage) => socketMessage(stage, 1507, SHARE),
  ],
  '1512 full': [BUSY, (stage) => socketMessage(stage, 1512, SHARE)],
  '1512 partial': [BUSY, (stage) => socketMessage(stage, 1512, SHARE, 'Partial')],
  '1510 (newer, with underlying)': [RECENT, async (stage) => stage.message(1510, await option(stage))],
  '1501 (2026, option)': [RECENT, async (stage) => stage.message(1501, await option(stage))],
  'error: already subscribed (HTTP 400)': [
    STILL,
    async (stage) => {
      await stage.quote('subscription', 1512, [SHARE])
      return (await stage.quote('subscription', 1512, [SHARE])).body
    },
  ],
  'error: invalid MD token (HTTP 400)': [
    STILL,
    async (stage) => {
      stage.sessions.marketToken = 'no token of ours'
      return (await stage.sessions.market('GET', '/config/clientConfig')).body
    },
  ],
  'error: missing/expired interactive token (HTTP 400)': [
    STILL,
    async (stage) => {
      stage.sessions.interactiveToken = ''
      return (await stage.sessions.interactive('GET', '/orders')).body
    },
  ],
  'error: wrong application type (HTTP 400)': [
    STILL,
    async ({ sessions }) => {
      const body = { ...sessions.target.interactive, source: 'WebAPI' }
      return (await sessions.market('POST', '/auth/login', body)).body
    },
  ],
  'hostlookup reply': [
    STILL,
    async ({ sessions }) => {
      const body = { accesspassword: '2021HostLookUpAccess', version: 'interactive_1.0.1' }
      return (await sessions.wire.call({ method: 'POST', path: '/hostlookup', body })).body
    },
  ],
  'search/instrumentsbyid result object': [
    STILL,
    async (stage) => {
      const body = { source: 'WebAPI', instruments: [await option(stage)] }
      const answer = await stage.sessions.market('POST', '/search/instrumentsbyid', body)
      return asList(resultOf(answer))[0]
    },
  ],
}

/** Brings a situation about on a stage of its own. */
export async function emit([options, run]: Situation): Promise<Emission> {
  const stage = await BrokerStage.open(options)
  try {
    return { payload: await run(stage), atMs: await stage.nowMs() }
  } finally {
    await stage.close()
  }
}

async function stopOrderAccepted(stage: BrokerStage): Promise<unknown> {
  await stage.listenToOrders()
  const stopPrice = Math.round((await lastPrice(stage, SHARE)) * 0.98)
  await stage.place({ ...SELL_AT_MARKET, orderType: 'STOPMARKET', stopPrice })
  return stage.event('order', ({ OrderStatus }) => OrderStatus === 'PendingNew')
}

/** Own lots for sale at the best price behind the crowd's, and an order that wants both. */
async function selfTrade(stage: BrokerStage): Promise<unknown> {
  await stage.listenToOrders()
  const instrument = await option(stage)
  const depth = await stage.message(1502, instrument)
  const [best] = asList(depth['Asks']).map(asRecord)
  const { orderQuantity } = await oneLot(stage, instrument.exchangeInstrumentID)
  const terms = {
    exchangeSegment: 'NSEFO',
    exchangeInstrumentID: instrument.exchangeInstrumentID,
    productType: 'NRML',
    limitPrice: Number(best?.['Price']),
  }
  await stage.row(await stage.place({ ...terms, orderSide: 'SELL', orderQuantity }), 'New')
  const wanted = await stage.place({ ...terms, orderQuantity: Number(best?.['Size']) + orderQuantity })
  return stage.event(
    'order',
    ({ AppOrderID, OrderStatus }) => AppOrderID === wanted && OrderStatus === 'Cancelled',
  )
}

async function positionClosed(stage: BrokerStage): Promise<unknown> {
  await stage.listenToOrders()
  const bought = await stage.place({ ...SELL_AT_MARKET, orderSide: 'BUY' })
  await stage.row(bought, 'Filled')
  await stage.place(SELL_AT_MARKET)
  return stage.event(
    'position',
    ({ IsDayWiseNetWise, NetPosition }) => IsDayWiseNetWise === 'DayWise' && NetPosition === '0',
  )
}

async function shortPosition(stage: BrokerStage): Promise<unknown> {
  await stage.row(await stage.place(SELL_AT_MARKET), 'Filled')
  const query = stage.sessions.bookQuery({ dayOrNet: 'DayWise' })
  const answer = await stage.sessions.interactive('GET', `/portfolio/positions${query}`)
  return asList(asRecord(resultOf(answer))['positionList'])[0]
}

async function socketMessage(
  stage: BrokerStage,
  code: number,
  instrument: object,
  mode: 'Full' | 'Partial' = 'Full',
): Promise<unknown> {
  const name = `${code}-json-${mode.toLowerCase()}`
  await stage.listenToMarket([name], mode)
  const subscribed = { instruments: [instrument], xtsMessageCode: code }
  resultOf(await stage.sessions.market('POST', '/instruments/subscription', subscribed))
  return stage.event(name)
}

/** A market order for one lot of a contract. */
async function oneLot(stage: BrokerStage, token: number) {
  const master = await stage.sessions.market('POST', '/instruments/master', {
    exchangeSegmentList: ['NSEFO'],
  })
  const row = String(resultOf(master))
    .split('\n')
    .find((text) => text.startsWith(`NSEFO|${token}|`))
  const orderQuantity = Number(row?.split('|')[12])
  return {
    exchangeSegment: 'NSEFO',
    exchangeInstrumentID: token,
    orderType: 'MARKET',
    orderSide: 'SELL',
    orderQuantity,
  }
}

/** An option that somebody quotes. */
async function option(stage: BrokerStage): Promise<{ exchangeSegment: 2; exchangeInstrumentID: number }> {
  const [token = 0] = await stage.tokens('NSEFO', '2', 1)
  return { exchangeSegment: 2, exchangeInstrumentID: token }
}

async function lastPrice(stage: BrokerStage, instrument: object): Promise<number> {
  return Number((await stage.message(1512, instrument))['LastTradedPrice'])
}
