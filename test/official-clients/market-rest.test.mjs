import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import marketApi from 'xts-marketdata-api'
import { KEYS, NIFTY_50, RELIANCE, startSimulator } from './support/simulator-process.mjs'
import { methodsOf, watched } from './support/watched.mjs'

const { XtsMarketDataAPI } = marketApi
const LOGIN = { ...KEYS.market, source: 'WEBAPI' }
const ONE = { exchangeSegment: RELIANCE.segmentNumber, exchangeInstrumentID: RELIANCE.token }

/** An error of this client carries the broker's status and answer in its fields, though not in those it names them for. */
const said = (answer) =>
  answer.error === undefined ? JSON.stringify(answer) : Object.values(answer.error).join(' ')

describe('xts-marketdata-api 3.0.7, every REST method', () => {
  let simulator
  let client
  let called
  before(async () => {
    simulator = await startSimulator()
    ;({ client, called } = watched(new XtsMarketDataAPI(`${simulator.url}/apimarketdata`)))
  })
  after(() => simulator?.close())

  const isSuccess = (answer, code, description) => {
    assert.equal(answer.type, 'success', said(answer))
    assert.equal(answer.code, code)
    if (description !== undefined) assert.equal(answer.description, description)
    return answer.result
  }

  it('refuses a call before the login, without asking the broker', async () => {
    assert.match(said(await client.getQuotes({})), /Login is Required/)
  })
  it('logIn', async () => {
    const result = isSuccess(await client.logIn(LOGIN), 'e-response-0010', 'Provided Valid Credentials')
    assert.equal(client.token, result.token)
    assert.equal(client.userID, result.userID)
    assert.match(client.appVersion, /^\d+\.\d+\.\d+$/)
    assert.equal(await client.checkLoggedIn(), true)
  })
  it('clientConfig fills the client with the enumerations', async () => {
    isSuccess(await client.clientConfig(), 's-response-0001', 'Fetched configurations successfully')
    assert.equal(client.exchangeSegments.NSECM, 1)
    assert.equal(client.xtsMessageCode.marketDepthEvent, 1502)
    assert.equal(client.publishFormat.JSON, 'JSON')
    assert.equal(client.broadCastMode.Partial, 'Partial')
  })
  it('getQuotes', async () => {
    for (const xtsMessageCode of [1501, 1502, 1510, 1512]) {
      const answer = await client.getQuotes({ instruments: [ONE], xtsMessageCode, publishFormat: 'JSON' })
      const result = isSuccess(answer, 's-quotes-0001', 'Get quotes successfully!')
      assert.equal(result.mdp, xtsMessageCode)
      assert.equal(result.quotesList[0].exchangeInstrumentID, String(RELIANCE.token))
      assert.equal(JSON.parse(result.listQuotes[0]).MessageCode, xtsMessageCode)
    }
  })
  it('subscription, getSubscriptionlist, unSubscription', async () => {
    const asked = { instruments: [ONE], xtsMessageCode: 1502 }
    const answer = await client.subscription(asked)
    const result = isSuccess(answer, 's-session-0001', 'Instrument subscribed successfully!')
    assert.equal(JSON.parse(result.listQuotes[0]).ExchangeInstrumentID, RELIANCE.token)
    assert.equal(typeof result.Remaining_Subscription_Count, 'number')
    const again = await client.subscription(asked)
    assert.match(said(again), /400 - .*e-session-0002.*Instrument Already Subscribed !/)
    const list = await client.getSubscriptionlist({ xtsMessageCode: 1502 })
    assert.equal(list.type, 'success', said(list))
    assert.match(JSON.stringify(list.result), new RegExp(`\\b${RELIANCE.token}\\b`))
    isSuccess(await client.unSubscription(asked), 's-response-0001', 'Instrument subscription deleted!')
  })
  it('instrumentMaster', async () => {
    const answer = await client.instrumentMaster({ exchangeSegmentList: [RELIANCE.segment] })
    assert.equal(answer.type, 'success', said(answer))
    const rows = answer.result.split('\n')
    const row = rows.find((text) => text.startsWith(`NSECM|${RELIANCE.token}|`)).split('|')
    assert.equal(row.length, 22)
    assert.equal(row[3], 'RELIANCE')
  })
  it('searchInstrument', async () => {
    const answer = await client.searchInstrument({ searchString: 'RELIANCE', source: 'WEBAPI' })
    assert.equal(answer.type, 'success', said(answer))
    assert.ok(answer.result.some(({ ExchangeInstrumentID }) => ExchangeInstrumentID === RELIANCE.token))
  })
  it('searchInstrumentById', async () => {
    const answer = await client.searchInstrumentById({ source: 'WebAPI', instruments: [ONE] })
    const [found] = isSuccess(answer, 's-search-0002', 'Instruments Found')
    assert.equal(found.ExchangeInstrumentID, RELIANCE.token)
    assert.equal(found.DisplayNameWithExchange, 'RELIANCE - NSECM')
  })
  it('instrumentByISIN', async () => {
    const answer = await client.instrumentByISIN({
      source: 'WebAPI',
      userID: client.userID,
      ISINList: ['INE002A01018'],
    })
    assert.equal(answer.type, 'success', said(answer))
    assert.match(JSON.stringify(answer.result), /RELIANCE/)
  })
  it('getOHLC', async () => {
    const [from, to] = lastTradingHours()
    const result = isSuccess(
      await client.getOHLC({
        exchangeSegment: RELIANCE.segmentNumber,
        exchangeInstrumentID: RELIANCE.token,
        startTime: from,
        endTime: to,
        compressionValue: 60,
      }),
      's-instrument-0002',
      'Data found',
    )
    const bars = result.dataReponse.split(',').filter((text) => text !== '')
    assert.ok(bars.length > 0)
    for (const bar of bars) assert.match(bar, /^\d{10}\|([\d.]+\|){4}\d+\|\d+\|$/)
  })
  it('getIndexList', async () => {
    const answer = await client.getIndexList({ exchangeSegment: NIFTY_50.segmentNumber })
    const { indexList } = isSuccess(answer, 's-instrument-0007')
    assert.ok(indexList.includes(`${NIFTY_50.name}_${NIFTY_50.token}`))
  })
  it('logOut ends the token', async () => {
    assert.equal((await client.logOut()).type, 'success')
    const refused = await client.getQuotes({
      instruments: [ONE],
      xtsMessageCode: 1502,
      publishFormat: 'JSON',
    })
    assert.match(said(refused), /400 - .*e-session-0007.*Invalid Token/)
  })
  it('was called whole', () => {
    assert.deepEqual([...called].sort(), methodsOf(XtsMarketDataAPI))
  })
})

/** The last two hours in the broker's spelling of Indian time, `Jan 27 2025 090000`. */
function lastTradingHours() {
  const spell = (atMs) => {
    const india = new Date(atMs + 19_800_000).toUTCString().split(' ')
    return `${india[2]} ${india[1]} ${india[3]} ${india[4].replaceAll(':', '')}`
  }
  return [spell(Date.now() - 7_200_000), spell(Date.now())]
}
