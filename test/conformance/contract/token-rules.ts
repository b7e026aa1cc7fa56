import { expectError } from './contract-checks'
import { claimsOf, type ContractSessions } from './contract-sessions'

const NOT_FOUND = /Token\/Authorization not found|Invalid Token|session has been expired/i
const A_DAY_S = 86_400

/** Logins, tokens and what is said about missing and wrong ones. */
export function tokenRules(sessions: () => ContractSessions): void {
  const { stringMatching, objectContaining } = expect
  const ask = (path: string, token: string | undefined) =>
    sessions().wire.call({ method: 'GET', path, token })
  const balance = (): string => `${sessions().target.interactivePrefix}/user/balance`
  const config = (): string => `${sessions().target.marketPrefix}/config/clientConfig`

  describe('logins and tokens', () => {
    it('answers the interactive login with user, client codes and enumerations', async () => {
      const result = await sessions().logInInteractive()
      expect(typeof result['userID']).toBe('string')
      expect(typeof result['isInvestorClient']).toBe('boolean')
      expect(result['enums']).toEqual(objectContaining({ orderSide: ['BUY', 'SELL'] }))
    })

    it('answers the market-data login with user and version', async () => {
      const result = await sessions().logInMarket()
      expect(typeof result['userID']).toBe('string')
      expect(result['appVersion']).toEqual(stringMatching(/^\d+(\.\d+)+$/))
    })

    it('gives tokens that end a day after they were made', () => {
      for (const token of [sessions().interactiveToken, sessions().marketToken]) {
        const { iat, exp, publicKey, userID } = claimsOf(token)
        expect(Number(exp) - Number(iat)).toBe(A_DAY_S)
        expect([typeof publicKey, typeof userID]).toEqual(['string', 'string'])
      }
    })

    it('asks for a token where there is none', async () => {
      for (const path of [balance(), config()]) {
        expectError(await ask(path, undefined), {
          description: /Please Provide token|not found|Invalid Token/i,
        })
      }
    })

    it('does not find a token it never gave', async () => {
      for (const path of [balance(), config()]) {
        const answer = await ask(path, 'eyJhbGciOiJIUzI1NiJ9.eyJ1c2VySUQiOiJ4In0.c2lnbmF0dXJl')
        if (answer.status !== 401) expectError(answer, { description: NOT_FOUND })
      }
    })

    it('takes the token of one API for none of the other', async () => {
      const answer = await ask(config(), sessions().interactiveToken)
      if (answer.status !== 401) expectError(answer, { description: NOT_FOUND })
    })
  })
}
