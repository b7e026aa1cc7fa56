import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import marketApi from 'xts-marketdata-api'
import { Heard } from './support/heard.mjs'
import { silence } from './support/silence.mjs'
import { KEYS, NIFTY_50, RELIANCE, startSimulator } from './support/simulator-process.mjs'
import { methodsOf, watched } from './support/watched.mjs'

const { XtsMarketDataAPI, WS } = marketApi
const LOGIN = { ...KEYS.market, source: 'WEBAPI' }
const SHARE = { exchangeSegment: RELIANCE.segmentNumber, exchangeInstrumentID: RELIANCE.token }
const INDEX = { exchangeSegment: NIFTY_50.segmentNumber, exchangeInstrumentID: NIFTY_50.token }

/** What this client cannot be made to run by any broker, and why. */
const NEVER_RUN = {
  constructFullMarketDepth100Object: 'code 5018 is not among the codes of the gateways we copy',
  constructPartialMarketDepth100Object: 'code 5018 is not among the codes of the gateways we copy',
  constructPartialPropertyChangeEventObject: 'the client hands 1105 to its open-interest decoder instead',
}

/** Of the machine's time, and of the broker's with each. */
const STEP_MS = 50
const ADVANCE_MS = 500

/** Its own listeners leave these out; they are heard on the client's own connection. */
const UNHEARD_CODES = [1501, 1512]

for (const prefix of ['/apimarketdata', '/apibinarymarketdata']) {
  for (const broadcastMode of ['Full', 'Partial']) {
    describe(`xts-marketdata-api 3.0.7, its socket, ${broadcastMode} at ${prefix}`, () => {
      const heard = new Heard()
      let simulator
      let rest
      let socket
      let called
      let future
      let time

      before(async () => {
        simulator = await startSimulator({ CLOCK: 'virtual' })
        // A candle takes a minute of the broker's time, which goes on faster here.
        time = setInterval(() => void letGoOn(simulator), STEP_MS)
        rest = new XtsMarketDataAPI(`${simulator.url}${prefix}`)
        await rest.logIn(LOGIN)
        future = await nearestFuture(rest)
        ;({ client: socket, called } = watched(new WS(`${simulator.url}${prefix}`)))
      })
      after(() => {
        clearInterval(time)
        silence(socket)
        return simulator?.close()
      })
      const subscribe = async (xtsMessageCode, instrument) => {
        const answer = await rest.subscription({ instruments: [instrument], xtsMessageCode })
        assert.equal(answer.type, 'success', answer.error?.message)
      }

      it('connects and is joined', async () => {
        socket.onConnect(heard.as('connect'))
        socket.onJoined(heard.as('joined'))
        socket.onError(heard.as('error'))
        socket.onDisconnect(heard.as('disconnect'))
        socket.onMarketDepthEvent(heard.as('depth'))
        socket.onInstrumentPropertyChangeEvent(heard.as('property'))
        socket.onOpenInterestEvent(heard.as('interest'))
        socket.onIndexDataEvent(heard.as('index'))
        socket.onMarketDepth100Event(heard.as('depth100'))
        socket.onCandleDataEvent(heard.as('candle'))
        socket.onLogout(heard.as('logout'))
        socket.init({ userID: rest.userID, token: rest.token, publishFormat: 'JSON', broadcastMode })
        const joined = JSON.parse(await heard.first('joined'))
        assert.equal(joined.code, 's-socket-0001')
        assert.match(joined.description, /^Socket joined successfully! SocketId=\S+$/)
      })

      it('decodes the depth of 1502', async () => {
        await subscribe(1502, SHARE)
        const depth = await heard.first('depth')
        assert.equal(Number(depth.ExchangeInstrumentID), RELIANCE.token)
        assert.equal(depth.Bids.length, 5)
        assert.equal(depth.Asks.length, 5)
        assert.ok(Number(depth.Bids[0].Price) < Number(depth.Asks[0].Price))
        assert.ok(Number(depth.Touchline.LastTradedPrice) > 0)
        if (broadcastMode === 'Full') {
          const { nowMs } = await simulator.control('GET', '/clock')
          assertIsAbout(nowMs, depth.Touchline.LastUpdateTime)
        }
      })

      it('decodes the index of 1504', async () => {
        await subscribe(1504, INDEX)
        const index = await heard.first('index')
        assert.equal(Number(index.ExchangeSegment), 1)
        assert.equal(index.IndexName, NIFTY_50.name)
        assert.ok(Number(index.IndexValue) > 0)
        assert.ok(Number(index.HighIndexValue) >= Number(index.LowIndexValue))
      })

      it('decodes the open interest of 1510', async () => {
        await subscribe(1510, future)
        const interest = await heard.first('interest')
        assert.equal(Number(interest.ExchangeInstrumentID), future.exchangeInstrumentID)
        assert.ok(Number(interest.OpenInterest) > 0)
      })

      it('decodes the candle of 1505', async () => {
        await subscribe(1505, SHARE)
        const candle = await heard.first('candle')
        assert.ok(Number(candle.High) >= Number(candle.Low))
        assert.equal(Number(candle.BarTime) % 60, 59)
      })

      it('hears the property changes of 1105, which nobody subscribed', async () => {
        const property = await heard.first('property')
        assert.match(property.ExchangeSegment, /^\d+$/)
        assert.match(property.ExchangeInstrumentID, /^\d+$/)
      })

      it('is sent the codes it has no listener for', async () => {
        const event = broadcastMode === 'Full' ? 'json-full' : 'json-partial'
        for (const code of UNHEARD_CODES) {
          const name = `${code}-${event}`
          socket.socketMD.socketMarketData.on(name, heard.as(name))
          await subscribe(code, SHARE)
          const text = await heard.first(name)
          assert.equal(typeof text, 'string')
          assert.match(text, broadcastMode === 'Full' ? /^\{"MessageCode":/ : /^t:1_2885,/)
        }
      })

      it('is told of the logout when somebody else logs in with its key', async () => {
        await new XtsMarketDataAPI(`${simulator.url}${prefix}`).logIn(LOGIN)
        await heard.first('logout')
        await heard.first('disconnect')
      })

      it('hears an error for a token that is no longer good', async () => {
        clearInterval(socket.socketMD.interval)
        socket.init({ userID: rest.userID, token: rest.token, publishFormat: 'JSON', broadcastMode })
        assert.equal(await heard.first('error'), 'Invalid Token')
      })

      it('was called whole, but for the other mode and for what never runs', () => {
        const isOtherMode = (name) =>
          name.startsWith(broadcastMode === 'Full' ? 'constructPartial' : 'constructFull')
        const expected = methodsOf(WS).filter((name) => !isOtherMode(name) && !(name in NEVER_RUN))
        assert.deepEqual(
          expected.filter((name) => !called.has(name)),
          [],
        )
        assert.deepEqual(
          Object.keys(NEVER_RUN).filter((name) => called.has(name)),
          [],
        )
      })
    })
  }
}

/** Lets the broker's time go on; a simulator that is being closed does not answer any more. */
function letGoOn(simulator) {
  return simulator.control('POST', '/clock', { advanceMs: ADVANCE_MS }).catch(() => undefined)
}

/** The client turns the broker's seconds since 1980 in India into a date of the computer's own zone. */
function assertIsAbout(nowMs, date) {
  const shownMs = Date.UTC(
    date.getFullYear(),
    date.getMonth(),
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
  )
  const inIndiaMs = nowMs + 19_800_000
  assert.ok(Math.abs(shownMs - inIndiaMs) < 120_000, `${date} is not the broker's time`)
}

async function nearestFuture(rest) {
  const { result } = await rest.instrumentMaster({ exchangeSegmentList: ['NSEFO'] })
  const row = result.split('\n').find((text) => text.split('|')[2] === '1')
  return { exchangeSegment: 2, exchangeInstrumentID: Number(row.split('|')[1]) }
}
