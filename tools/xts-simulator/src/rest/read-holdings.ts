import { emptyBook, HTML_ERROR_PAGE, page, success, type Answer } from '../wire/envelopes'
import type { Holding } from '../state/account'
import { holdingsResult } from '../wire/holding-payloads'
import { msOfIndianDay } from '../wire/indian-time'
import { readBookClient } from './book-client'
import type { Broker } from './broker'
import { FieldReader } from './field-reader'
import { isAnswer } from './order-fields'
import type { Call } from './route'

/** The depository's file is read at eight in the morning. */
const LOADED_MS = 8 * 3_600_000

const loadTimeOf = (nowMs: number): number => nowMs - msOfIndianDay(nowMs) + LOADED_MS

/** GET /portfolio/holdings. Asked without clientID by a pro login the broker crashes: a page, not JSON. */
export function readHoldings(broker: Broker, call: Call): Answer {
  const { account } = call.session
  const fields = new FieldReader(call.query, 'query')
  if (account.kind === 'pro' && fields.optionalText('clientID') === undefined) {
    return page(500, HTML_ERROR_PAGE, 'holdings of a pro login need clientID ***** at this broker')
  }
  const empty = (clientCode: string): Answer =>
    broker.choices.emptyHoldings === 'error' ? emptyBook('e-holdings-0005') : answerOf(broker, clientCode, [])
  const client = readBookClient(broker, call, fields, {
    notMappedCode: 'e-portfolio-00005',
    empty: () => empty(account.clientCodes[0]),
  })
  if (isAnswer(client)) return client
  const held = (account.holdings ?? []).filter((holding) => holding.clientCode === client.clientCode)
  return held.length === 0 ? empty(client.clientCode) : answerOf(broker, client.clientCode, held)
}

function answerOf(broker: Broker, clientCode: string, holdings: readonly Holding[]): Answer {
  const { holdingsShape: shape } = broker.choices
  const loadedAtMs = loadTimeOf(broker.clock.nowMs())
  return success(
    's-portfolio-0013',
    'Success holding',
    holdingsResult({ clientCode, holdings, shape, loadedAtMs }),
  )
}
