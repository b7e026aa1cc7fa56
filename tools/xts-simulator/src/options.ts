import { z } from 'zod'
import type { Account } from './state/account'
import type { StateLog } from './state-log'

const port = z.coerce.number().int().min(0).max(65_535)
const milliseconds = z.coerce.number().int().min(0).max(60_000)

/** What a simulator can be told; every one has a default. */
export const optionsSchema = z.strictObject({
  /** 0 takes any free port. */
  port: port.default(6500),
  controlPort: port.default(6501),
  seed: z.coerce.number().int().min(0).max(4_294_967_295).default(1),
  /** A folder of real master dumps, served instead of the generated universe. */
  mastersDir: z.string().min(1).optional(),
  /** Where the trading day is kept; without it the day ends with the process. */
  stateFile: z.string().min(1).optional(),
  /** How much is generated; `small` starts in a tenth of the time. */
  universe: z.enum(['whole', 'small']).default('whole'),
  interactiveKey: z.string().min(1).default('simulator-interactive-key'),
  interactiveSecret: z.string().min(1).default('simulator-interactive-secret'),
  marketKey: z.string().min(1).default('simulator-market-key'),
  marketSecret: z.string().min(1).default('simulator-market-secret'),
  accountKind: z.enum(['retail', 'dealer', 'pro']).default('retail'),
  /** The codes the login may trade for; default SIM0001, or PRO001 for a pro account. */
  clientCodes: z.array(z.string().min(1)).min(1).optional(),
  isAlgoAccount: z.boolean().default(false),
  cashRupees: z.coerce.number().positive().default(1_000_000_000),
  ackDelayMs: milliseconds.default(0),
  exchangeDelayMs: milliseconds.default(1),
  refillDelayMs: milliseconds.default(20),
  ticksPerSecond: z.coerce.number().min(0).max(100).default(3),
  subscriptionLimit: z.coerce.number().int().positive().default(10_000),
})

export type SimulatorSettings = z.output<typeof optionsSchema>

/** Any of the settings, and where state changes are told (default: nowhere). */
export type SimulatorOptions = z.input<typeof optionsSchema> & { readonly log?: StateLog }

/** The one login, as its kind names it: a dealer's user has a suffix that its clients' codes have not. */
export function accountOf(settings: SimulatorSettings): Account {
  const [first = defaultCode(settings.accountKind), ...others] = settings.clientCodes ?? []
  return {
    kind: settings.accountKind,
    userId: settings.accountKind === 'retail' ? first : `${first}A02`,
    clientCodes: [first, ...others],
    isAlgoAccount: settings.isAlgoAccount,
    cashRupees: settings.cashRupees,
    interactiveKey: settings.interactiveKey,
    interactiveSecret: settings.interactiveSecret,
    marketKey: settings.marketKey,
    marketSecret: settings.marketSecret,
  }
}

const defaultCode = (kind: SimulatorSettings['accountKind']): string =>
  kind === 'pro' ? 'PRO001' : 'SIM0001'
