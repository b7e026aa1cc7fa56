import { FAULT_NAMES, FAULTS } from '../faults/catalogue'
import type { ArmedFault } from '../faults/fault-kinds'
import { VirtualClock } from '../time/virtual-clock'
import type { Broker } from '../rest/broker'
import type { Receipt } from '../state/order-ledger'
import { averageOpenPrice, netQuantity, sidesIn, type Position } from '../state/position-keeper'
import { restTime } from '../wire/indian-time'
import { html, table, type Html } from './html'
import { PAGE_SCRIPT, PAGE_STYLE } from './page-parts'

const ORDERS_SHOWN = 50

/** What goes on in this broker, on one page that needs nothing from elsewhere. Every value is escaped. */
export function statusPage(broker: Broker, scenario: object): string {
  const sections = [
    ...[overview(broker, scenario), faultsInForce(broker), faultForm(), sessions(broker)],
    ...[orders(broker), positions(broker)],
  ]
  return html`<!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>xts-simulator</title>
        <style>
          ${PAGE_STYLE}
        </style>
      </head>
      <body>
        <h1>xts-simulator</h1>
        <main id="status">${sections}</main>
        <script>
          ${PAGE_SCRIPT}
        </script>
      </body>
    </html>`.text
}

function overview(broker: Broker, scenario: object): Html {
  const { clock, universe, frontDoor, outgoing, ledger, sessions: registry } = broker
  const live = registry.live('market')
  const subscriptions = live.reduce((sum, session) => sum + session.subscriptions.size, 0)
  const kind = clock instanceof VirtualClock ? 'virtual' : 'wall'
  return html`<section>
    <h2>Now</h2>
    ${table(
      ['', ''],
      [
        ['clock', `${restTime(clock.nowMs())} IST (${kind})`],
        ['instruments', universe.count],
        ['connections', frontDoor.openConnections],
        ['sockets', outgoing.open().length],
        ['placements received', ledger.receipts.length],
        ['messages sent to sockets', outgoing.sentMessages],
        ['subscriptions', subscriptions],
        ['rate limits', limitsText(broker)],
        ['tape', broker.tape.player ? JSON.stringify(broker.tape.player.report()) : 'none'],
        ['scenario', 'state' in scenario && scenario.state === 'none' ? 'none' : JSON.stringify(scenario)],
      ],
    )}
  </section>`
}

/** Only what was used within the last second. */
function limitsText({ choices, limiter, sessions: registry }: Broker): string {
  const live = [...registry.live('interactive'), ...registry.live('market')]
  const used = live.map((session) => limiter.usedBy(session)).filter((one) => Object.keys(one).length > 0)
  return `${choices.rateLimits}${used.length === 0 ? '' : `, used now: ${JSON.stringify(used)}`}`
}

function faultsInForce({ faults }: Broker): Html {
  const happened = Object.entries(faults.happened()).map(([name, count]) => `${name}: ${count}`)
  return html`<section>
    <h2>Faults in force</h2>
    ${table(['id', 'fault', 'happened', 'remaining', 'rule', ''], faults.list().map(faultRow))}
    <p>Happened since the start: ${happened.length === 0 ? 'none' : happened.join(', ')}</p>
    <button data-method="DELETE" data-path="/faults">clear all</button>
  </section>`
}

const faultRow = (fault: ArmedFault): readonly (string | number | Html)[] => [
  fault.id,
  fault.name,
  fault.happened,
  Number.isFinite(fault.remaining) ? fault.remaining : 'always',
  ruleText(fault),
  html`<button data-method="DELETE" data-path="/faults/${fault.id}">clear</button>`,
]

function ruleText({ match, parameters, probability, nth, startAfterMs, everyMs, forMs }: ArmedFault): string {
  const rule = { ...match, ...parameters, everyMs, forMs }
  const unusual = {
    ...(probability < 1 && { probability }),
    ...(nth > 1 && { nth }),
    ...(startAfterMs && { startAfterMs }),
  }
  return JSON.stringify({ ...rule, ...unusual })
}

/** One fault, with its rule as JSON for whoever needs more than its name. */
function faultForm(): Html {
  const options = FAULT_NAMES.map(
    (name) => html`<option value="${name}">${name} — ${FAULTS[name].means}</option>`,
  )
  return html`<section>
    <h2>Arm a fault</h2>
    <form id="arm">
      <select name="name">
        ${options}
      </select>
      <input name="rule" size="60" placeholder='{"count":1,"match":{"call":"place"}} or nothing' />
      <button>arm</button>
      <output></output>
    </form>
  </section>`
}

function sessions(broker: Broker): Html {
  const rows = broker.sessions
    .all()
    .slice(-30)
    .reverse()
    .map(({ account, api, state, issuedAtMs, sockets, subscriptions }) => [
      ...[account.userId, account.kind, api, state, restTime(issuedAtMs), sockets.size, subscriptions.size],
    ])
  return html`<section>
    <h2>Sessions</h2>
    ${table(['user', 'account', 'api', 'state', 'since', 'sockets', 'subscriptions'], rows)}
  </section>`
}

function orders({ ledger }: Broker): Html {
  const rows = ledger.receipts.slice(-ORDERS_SHOWN).reverse().map(orderRow)
  const columns = ['received', 'number', 'tag', 'instrument', 'side', 'type', 'filled', 'price', 'status']
  return html`<section>
    <h2>Orders, the last ${ORDERS_SHOWN}</h2>
    ${table(columns, rows)}
  </section>`
}

function orderRow({ order, refusal, tag, receivedAtMs }: Receipt): readonly (string | number)[] {
  const at = restTime(receivedAtMs)
  if (!order) return [at, '', tag, '', '', '', '', '', `Refused: ${refusal ?? ''}`]
  const { state, instrument } = order
  const status = state.reason === '' ? state.status : `${state.status}: ${state.reason}`
  const filled = `${state.filledQuantity} / ${state.quantity}`
  const what = `${instrument.displayName} (${instrument.segment} ${instrument.token})`
  return [at, order.appOrderId, tag, what, order.side, state.orderType, filled, state.price, status]
}

function positions({ accounts, positions: kept }: Broker): Html {
  const clients = new Set(accounts.flatMap((account) => account.clientCodes))
  const rows = [...clients].flatMap((client) => kept.ofClient(client)).map(positionRow)
  const columns = ['client', 'instrument', 'product', 'net', 'average']
  return html`<section>
    <h2>Positions</h2>
    ${table(columns, rows)}
  </section>`
}

function positionRow(position: Position): readonly (string | number)[] {
  const { clientCode, instrument, productType } = position
  const average = averageOpenPrice(sidesIn(position, 'NetWise')).toFixed(2)
  return [clientCode, instrument.displayName, productType, netQuantity(position), average]
}
