import { FAULT_NAMES, FAULTS } from './catalogue'
import { FAULT_GROUPS, type FaultDefinition, type FaultPoint } from './fault-kinds'
import { pointsOf } from './fault-rule'

const POINT_WORDS: Readonly<Record<FaultPoint, string>> = {
  connection: 'new connection',
  request: 'instead of the call',
  rewrite: 'in the answer',
  replace: 'in place of the answer',
  delay: 'on the way of the answer',
  join: 'new socket',
  packet: 'in a binary packet',
  eventRewrite: 'in a message',
  eventRoute: 'on the way of a message',
  eventDelay: 'before a message',
  confirm: 'order at the exchange',
  cancelled: 'order at the exchange',
  action: 'by itself',
}

/** The text of FAULTS.md: every fault of the catalogue, by group. */
export function faultTable(): string {
  const sections = FAULT_GROUPS.flatMap((group) => {
    const names = FAULT_NAMES.filter((name) => FAULTS[name].group === group)
    return [`## ${capital(group)}`, '', ...HEAD, ...names.map((name) => row(name, FAULTS[name])), '']
  })
  return [...INTRODUCTION, ...sections].join('\n')
}

const INTRODUCTION = [
  '# The fault catalogue',
  '',
  `${FAULT_NAMES.length} ways in which this broker can misbehave. This file is written by`,
  '`node dist/tools/xts-simulator/src/faults/write-table.js`; a test fails when it is not what that writes.',
  '',
  '**Switching on**: `POST /faults` of the control API, or `arm` in a scenario: `{"name":"accept-then-500"}`. More, all optional:',
  '',
  '| Field | Meaning |',
  '|---|---|',
  '| `count` | how often it happens before it is over, or `"always"`; the default is in the table, and `always` with `everyMs` or `forMs` |',
  '| `probability` | above 0, at most 1 (default): chance from the seed of the simulator |',
  '| `nth` | only each n-th matching occasion (default 1) |',
  '| `startAfterMs`, `everyMs`, `forMs` | not before; a window of `forMs` in each `everyMs`; `forMs` alone is one window; `everyMs` alone is once in each period |',
  '| `match` | `api`, `call`, `segment`, `token`, `tag`, `tagPrefix`, `clientID`, `side`, `product`, `orderType`, `event`, `messageCode`: all that are given must be so |',
  '| `parameters` | as in the table; `call`, `api` and `delayMs` may stand outside |',
  '| `priority` | higher is asked first (default 0), among equals the older one |',
  '',
  'Of faults that stand instead of a call or in place of its answer, or that route a message, refuse a socket or a connection, or',
  'touch an order at the exchange, one acts per occasion, the first by priority. Of those that change or delay something, all act,',
  'in that order. Only what acted is counted. `GET /faults` lists what is in force and how often each happened, `DELETE /faults/<id>`',
  'ends one, `DELETE /faults` all. Of events and ticks each copy to each socket is an occasion of its own; a fault in a binary packet',
  'acts before it is written, once for all sockets of a session, and not on the packets of a tape, which stay as recorded.',
  '',
]

const HEAD = ['| Fault | What happens | Where | Count | Parameters | Shown in |', '|---|---|---|---|---|---|']

function row(name: string, fault: FaultDefinition): string {
  const where = [...new Set(pointsOf(fault).map((point) => POINT_WORDS[point]))].join(', ')
  const limited = [fault.calls && `of ${callsText(fault.calls)}`, fault.everyMs && `each ${fault.everyMs} ms`]
  const place = [where, ...limited.filter((text) => text !== undefined)].join(' ')
  const cells = [
    `\`${name}\``,
    fault.means,
    place,
    String(fault.count),
    parametersText(fault),
    `\`${fault.proof}\``,
  ]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

/** The list of all order calls is long and always the same. */
const callsText = (calls: readonly string[]): string =>
  calls.includes('bracket-place') ? 'every order call' : calls.join(', ')

const parametersText = ({ parameters = {} }: FaultDefinition): string =>
  Object.entries(parameters)
    .map(([name, { value, means }]) => `\`${name}\` (${JSON.stringify(value)}): ${means}`)
    .join('; ')

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
