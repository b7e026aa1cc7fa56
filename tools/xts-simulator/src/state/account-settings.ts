import { z } from 'zod'
import { SEGMENT_NAMES } from '../universe/segments'
import type { Account } from './account'

const carriedPosition = z.strictObject({
  /** Default: the login's first. */
  clientCode: z.string().min(1).optional(),
  segment: z.enum(SEGMENT_NAMES as [(typeof SEGMENT_NAMES)[number], ...typeof SEGMENT_NAMES]),
  token: z.int().positive(),
  productType: z.string().min(1).default('NRML'),
  /** Units, negative when short. */
  quantity: z.int().refine((quantity) => quantity !== 0, { error: 'must not be 0' }),
  /** Rupees. */
  averagePrice: z.number(),
})

const holding = z.strictObject({
  clientCode: z.string().min(1).optional(),
  isin: z.string().min(1),
  nseToken: z.int().nonnegative().default(0),
  bseToken: z.int().nonnegative().default(0),
  quantity: z.int().positive(),
  /** Rupees; without it the broker does not know what was paid. */
  averagePrice: z.number().nonnegative().optional(),
})

/** What an account has before the day begins. */
export const openingShape = {
  /** Rupees by client code, for clients that have another amount than the rest. */
  clientCash: z.record(z.string().min(1), z.number().positive()).optional(),
  carriedPositions: z.array(carriedPosition).default([]),
  holdings: z.array(holding).default([]),
}

/** One login, as a list of several gives it. */
export const accountSettingsSchema = z.strictObject({
  kind: z.enum(['retail', 'dealer', 'pro']).default('retail'),
  /** Default: the first client code, with A02 behind it unless the account is retail. */
  userId: z.string().min(1).optional(),
  clientCodes: z.array(z.string().min(1)).min(1).optional(),
  isAlgoAccount: z.boolean().default(false),
  /** Of each client that `clientCash` does not name. */
  cashRupees: z.number().positive().default(1_000_000_000),
  interactiveKey: z.string().min(1),
  interactiveSecret: z.string().min(1),
  marketKey: z.string().min(1),
  marketSecret: z.string().min(1),
  ...openingShape,
})

export type AccountSettings = z.output<typeof accountSettingsSchema>

/** The login these settings describe: a dealer's user has a suffix that its clients' codes have not. */
export function accountFrom(settings: AccountSettings): Account {
  const { kind, userId, clientCodes, carriedPositions, holdings, ...plain } = settings
  const [first = kind === 'pro' ? 'PRO001' : 'SIM0001', ...others] = clientCodes ?? []
  const withClient = <T extends { clientCode?: string | undefined }>(opening: T) => ({
    ...opening,
    clientCode: opening.clientCode ?? first,
  })
  return {
    ...plain,
    kind,
    userId: userId ?? (kind === 'retail' ? first : `${first}A02`),
    clientCodes: [first, ...others],
    carriedPositions: carriedPositions.map(withClient),
    holdings: holdings.map(withClient),
  }
}

/** What makes a list of logins unusable, in words; undefined when nothing does. */
export function clashOf(accounts: readonly AccountSettings[]): string | undefined {
  const seen = new Set<string>()
  for (const account of accounts) {
    const { userId } = accountFrom(account)
    for (const name of [
      `user ${userId}`,
      `interactive key ${account.interactiveKey}`,
      `market key ${account.marketKey}`,
    ]) {
      if (seen.has(name)) return `two logins have the same ${name}`
      seen.add(name)
    }
  }
  return undefined
}
