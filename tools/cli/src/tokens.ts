import type { XtsAdmin } from '@xts-bridge/client'
import type { SessionState } from '@xts-bridge/contracts'
import { istTime } from '@xts-bridge/runtime'
import { textTable } from './text-table'
import type { XbHands, XbOptions } from './xb'

/** A login takes a second; one at a broker that does not answer, ten and a bit. */
const LOGIN_WAIT_MS = 20_000
const LOOK_EVERY_MS = 100

/** `xb tokens`. True when every session is live. */
export async function showTokens(hands: XbHands, options: XbOptions): Promise<boolean> {
  const { admin, out } = hands
  const { account } = options
  const states = options.login === true ? await logInAnew(admin, account) : await admin.sessions(account)
  const rows = states.map((state) => [
    state.account,
    state.api,
    state.state,
    state.userId ?? '-',
    state.expiresAtMs === undefined ? '-' : istTime(state.expiresAtMs).slice(0, 19).replace('T', ' '),
    state.problem ?? '',
  ])
  out(textTable(['account', 'api', 'state', 'user', 'expires (IST)', 'problem'], rows))
  if (options['show-token'] === true) await showTokenTexts(hands, states)
  return states.every(({ state }) => state === 'live')
}

async function logInAnew(admin: XtsAdmin, account: string | undefined): Promise<readonly SessionState[]> {
  const before = await admin.sessions(account)
  await admin.resume({ account, renew: true })
  const giveUpAtMs = Date.now() + LOGIN_WAIT_MS
  for (;;) {
    const now = await admin.sessions(account)
    const isOver = now.every((state) => isSettled(state, before))
    if (isOver || Date.now() > giveUpAtMs) return now
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

/** A new session, or a word of why there is none. */
function isSettled(now: SessionState, before: readonly SessionState[]): boolean {
  const earlier = before.find(({ api }) => api === now.api)
  const isNew = now.state === 'live' && (earlier?.state !== 'live' || now.epoch > earlier.epoch)
  return isNew || now.problem !== undefined
}

async function showTokenTexts({ connectAs, out }: XbHands, states: readonly SessionState[]): Promise<void> {
  const service = connectAs('services/cli.key')
  for (const { account, api, state } of states) {
    if (state === 'live') out(`${account} ${api} ${(await service.session(account, api)).token}\n`)
  }
}
