// eslint-disable-next-line @nx/enforce-module-boundaries -- tests may import every room, and the simulator has no alias
import { startSimulator, type RunningSimulator } from '../../../tools/xts-simulator/src/index'
import { eventually } from '../../support/eventually'
import { resultOf, rowsOf } from './contract-checks'
import { ContractSessions } from './contract-sessions'
import {
  isLiveAsked,
  liveTarget,
  simulatedTarget,
  type AccountKind,
  type ContractTarget,
} from './contract-target'
import { interactiveReads } from './interactive-reads'
import { marketReads } from './market-reads'
import { orderWrites } from './order-writes'
import { socketJoins } from './socket-joins'
import { tokenRules } from './token-rules'

const A_MINUTE_MS = 60_000
jest.setTimeout(2 * A_MINUTE_MS)

if (isLiveAsked(process.env)) {
  const target = liveTarget(process.env)
  describe(`the contract, held against ${target.baseUrl}`, () => {
    holdAgainst(() => target, target)
  })
} else {
  describe.each(['retail', 'dealer', 'pro'] as const)(
    'the contract, held against our simulator as %s',
    (kind) => {
      const keys = {
        interactive: { appKey: 'contract-i', secretKey: 'secret-i' },
        market: { appKey: 'contract-m', secretKey: 'secret-m' },
      }
      let simulator: RunningSimulator
      beforeAll(async () => {
        simulator = await startSimulator(settingsFor(kind, keys))
      })
      afterAll(() => simulator.close())
      const sessions = holdAgainst(() => simulatedTarget(simulator.port, keys, kind), {
        mayPlaceOrders: true,
      })
      describe('once a share was bought', () => {
        beforeAll(() => buyOneShare(sessions()))
        interactiveReads(sessions)
      })
    },
  )
}

/** The order matters: the first section logs in. */
function holdAgainst(
  target: () => ContractTarget,
  o: Pick<ContractTarget, 'mayPlaceOrders'>,
): () => ContractSessions {
  let sessions: ContractSessions
  beforeAll(() => {
    sessions = new ContractSessions(target())
  })
  const now = (): ContractSessions => sessions
  tokenRules(now)
  interactiveReads(now)
  marketReads(now)
  socketJoins(now)
  if (o.mayPlaceOrders) orderWrites(now)
  return now
}

/** So that no book is empty; only ever at the simulator. */
async function buyOneShare(sessions: ContractSessions): Promise<void> {
  const { segment, token } = sessions.target.share
  const order = {
    exchangeSegment: segment,
    exchangeInstrumentID: token,
    productType: 'MIS',
    orderType: 'MARKET',
    orderSide: 'BUY',
    timeInForce: 'DAY',
    disclosedQuantity: 0,
    orderQuantity: 1,
    limitPrice: 0,
    stopPrice: 0,
    orderUniqueIdentifier: 'contract-buy',
    ...sessions.orderClient(),
  }
  resultOf(await sessions.interactive('POST', '/orders', order))
  await eventually('the share is bought', A_MINUTE_MS, async () => {
    const trades = await sessions.interactive('GET', `/orders/trades${sessions.bookQuery()}`)
    return rowsOf(trades, 'e-tradeBook-0005').length > 0 || undefined
  })
}

function settingsFor(
  accountKind: AccountKind,
  { interactive, market }: Pick<ContractTarget, 'interactive' | 'market'>,
): Parameters<typeof startSimulator>[0] {
  return {
    port: 0,
    controlPort: 0,
    universe: 'small',
    accountKind,
    interactiveKey: interactive.appKey,
    interactiveSecret: interactive.secretKey,
    marketKey: market.appKey,
    marketSecret: market.secretKey,
  }
}
