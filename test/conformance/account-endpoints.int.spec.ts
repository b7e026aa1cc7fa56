import { loginInteractive, lookUpHost, XtsInteractive } from '@xts-bridge/xts'
import { FaultDesk } from './faults/fault-desk'
import { KEYS, ok, RELIANCE, SimulatedBroker, until } from './simulated-broker'

const HOLDING = {
  isin: 'INE002A01018',
  nseToken: 2885,
  bseToken: 500_325,
  quantity: 10,
  averagePrice: 1312.4,
}

let desk: FaultDesk
beforeAll(async () => {
  desk = await FaultDesk.open({ simulator: { holdings: [HOLDING], cashRupees: 5_000_000 } })
})
afterAll(() => desk.close())

const position = async (product: string) =>
  ok(await desk.xts.positions()).rows.find((row) => row.product === product)?.quantity

async function buy(quantity: number): Promise<void> {
  const sent = desk.order({ quantity })
  ok(await desk.xts.place(sent))
  await desk.untilTold(sent, 'filled')
}

describe('the account endpoints', () => {
  it('read who the account is and what it may trade', async () => {
    expect(ok(await desk.account.profile())).toMatchObject({
      clientId: 'SIM0001',
      isPro: false,
      isInvestor: true,
      enabledSegments: expect.arrayContaining(['NSECM', 'NSEFO']) as string[],
    })
    const enums = ok(await desk.account.enums())
    expect(enums['orderSide']).toEqual(['BUY', 'SELL'])
  })

  it('read the cash in rupees', async () => {
    expect(ok(await desk.account.balance())).toMatchObject({
      limitHeader: 'ALL|ALL|ALL',
      accountId: 'SIM0001',
      cashAvailable: 5_000_000,
      marginUtilized: 0,
      netMarginAvailable: 5_000_000,
    })
  })

  it('read the holdings, and an account without any as an empty answer', async () => {
    expect(ok(await desk.account.holdings())).toEqual({
      isEmptyAnswer: false,
      rows: [
        expect.objectContaining({
          isin: HOLDING.isin,
          nseToken: 2885,
          bseToken: 500_325,
          quantity: 10,
          buyAveragePrice: 1312.4,
        }),
      ],
    })
    const other = await FaultDesk.open({ sockets: [], simulator: { emptyHoldings: 'error' } })
    try {
      expect(ok(await other.account.holdings())).toEqual({ rows: [], isEmptyAnswer: true })
    } finally {
      await other.close()
    }
  })

  it('move a position to another product, and square off a part and all', async () => {
    await buy(9)
    const part = { ...RELIANCE, product: 'MIS', quantity: 4, isDayWise: true } as const
    ok(await desk.account.convert(part, 'NRML'))
    await until(async () => (await position('NRML')) === 4)
    expect(await position('MIS')).toBe(5)
    ok(await desk.account.squareOff({ ...part, quantity: 2, isDayWise: false }))
    await until(async () => (await position('MIS')) === 3)
    ok(await desk.account.squareOffAll({ isDayWise: false }))
    await until(async () => (await position('MIS')) === 0 && (await position('NRML')) === 0)
  })

  it('reckon the margin and the charges of an order', async () => {
    const order = desk.order({ priceType: 'LIMIT', price: 1400, quantity: 10 })
    const margin = ok(await desk.account.margin([order]))
    expect(margin).toMatchObject({ isValid: true })
    expect(margin.required).toBeGreaterThan(0)
    const charges = ok(await desk.account.brokerage([order]))
    expect(Object.keys(charges).length).toBeGreaterThan(2)
    expect(Object.values(charges).every((charge) => charge >= 0)).toBe(true)
  })

  it('read the session of each market, and what an exchange says to its members', async () => {
    const sessions = ok(await desk.account.exchangeStatus())
    expect(sessions.map(({ segment }) => segment)).toContain('NSECM')
    expect(sessions.every(({ session }) => session !== '')).toBe(true)
    const messages = ok(await desk.account.exchangeMessages('NSECM'))
    expect(messages.every(({ text }) => text !== '')).toBe(true)
  })

  it('end their own session, after which its token is dead', async () => {
    const other = await FaultDesk.open({ sockets: [] })
    try {
      ok(await other.account.logOut())
      expect(await other.xts.orders()).toMatchObject({ kind: 'rejected', isSessionInvalid: true })
    } finally {
      await other.close()
    }
  })
})

describe('a login by host lookup', () => {
  it.each([
    ['hostlookup', 'boolean'],
    ['hostlookup', 'text'],
    ['interactive', 'boolean'],
  ] as const)(
    'at a %s address with a %s type goes to the node, and its calls go there too',
    async (hostLookupAddress, hostLookupType) => {
      const surroundings = { simulator: { hostLookupAddress, hostLookupType } }
      const broker = await SimulatedBroker.start('retail', { loginFlow: 'host-lookup' }, surroundings)
      try {
        const { http, profile } = broker
        const found = ok(await lookUpHost({ http, profile }))
        expect(found.uniqueKey).toHaveLength(64)
        expect(found.interactivePrefix).toMatch(/^\/\d+interactive$/)
        const keys = { appKey: KEYS.interactiveKey, secretKey: KEYS.interactiveSecret }
        const login = ok(await loginInteractive({ http, profile, ...keys }))
        expect(login.interactivePrefix).toMatch(/^\/\d+interactive$/)
        const token = { ...login, epoch: 1 }
        const xts = new XtsInteractive({ http, profile, token: () => token })
        expect(ok(await xts.orders())).toEqual({ rows: [], isEmptyAnswer: true })
      } finally {
        await broker.close()
      }
    },
  )
})
