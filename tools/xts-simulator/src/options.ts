import { z } from 'zod'
import { choiceShape } from './choices'
import { marketChoiceShape } from './market-choices'
import { exchangeChoiceShape, timeOfDay } from './matching/exchange-choices'
import type { Account } from './state/account'
import { accountFrom, accountSettingsSchema, clashOf, openingShape } from './state/account-settings'
import type { StateLog } from './state-log'

const port = z.int().min(0).max(65_535)
const milliseconds = z.int().min(0).max(60_000)
const file = z.string().min(1)

/** What a simulator can be told; every one has a default. A line of `settings-table.ts` shows each to the command line. */
const shape = {
  /** 0 takes any free port. */
  port: port.default(6500),
  controlPort: port.default(6501),
  /** PEM files: with both the broker speaks https. */
  tlsCert: file.optional(),
  tlsKey: file.optional(),
  seed: z.int().min(0).max(4_294_967_295).default(1),
  /** A folder of real master dumps, served instead of the generated universe. */
  mastersDir: file.optional(),
  /** Where the trading day is kept; without it the day ends with the process. */
  stateFile: file.optional(),
  /** How much is generated; `small` starts in a tenth of the time. */
  universe: z.enum(['whole', 'small']).default('whole'),
  /** `virtual`: time moves by requests and the control API only, and chance is seeded. */
  clock: z.enum(['wall', 'virtual']).default('wall'),
  /** When a virtual day begins. */
  start: z.iso.datetime({ offset: true }).default('2026-11-20T09:15:00+05:30'),
  /** Virtual time that passes before each REST request. */
  stepMs: milliseconds.default(1),
  /** `03:00` in India: every session of both APIs ends then, each day. */
  sessionResetAt: timeOfDay.optional(),
  /** A file of recorded market data to replay. */
  tape: file.optional(),
  tapeSpeed: z.union([z.number().positive().max(1_000_000), z.literal('max')]).default(1),
  tapeStart: z.enum(['listener', 'at-once', 'paused']).default('listener'),
  /** A new file for everything the market-data sockets are sent. */
  record: file.optional(),
  /** A file of steps that make the day go wrong, taken from the start on. */
  scenario: file.optional(),
  interactiveKey: z.string().min(1).default('simulator-interactive-key'),
  interactiveSecret: z.string().min(1).default('simulator-interactive-secret'),
  marketKey: z.string().min(1).default('simulator-market-key'),
  marketSecret: z.string().min(1).default('simulator-market-secret'),
  accountKind: z.enum(['retail', 'dealer', 'pro']).default('retail'),
  /** The codes the login may trade for; default SIM0001, or PRO001 for a pro account. */
  clientCodes: z.array(z.string().min(1)).min(1).optional(),
  isAlgoAccount: z.boolean().default(false),
  cashRupees: z.number().positive().default(1_000_000_000),
  ...openingShape,
  /** Several logins, in the place of the one that the settings above describe. */
  accounts: z.array(accountSettingsSchema).min(1).optional(),
  /** A kind for that one login; or the userId of one of `accounts`, which is then the only one. */
  account: z.string().min(1).optional(),
  ackDelayMs: milliseconds.default(0),
  exchangeDelayMs: milliseconds.default(1),
  refillDelayMs: milliseconds.default(20),
  ticksPerSecond: z.number().min(0).max(100).default(3),
  subscriptionLimit: z.int().positive().default(10_000),
  ...choiceShape,
  ...marketChoiceShape,
  ...exchangeChoiceShape,
}

const eachSetting = z.strictObject(shape)

export type SimulatorSettings = z.output<typeof eachSetting>

/** With what only shows when several settings are seen together. */
export const optionsSchema = eachSetting
  .refine(({ tlsCert, tlsKey }) => (tlsCert === undefined) === (tlsKey === undefined), {
    path: ['tlsCert'],
    error: 'tlsCert and tlsKey are needed together',
    when: () => true,
  })
  .refine(({ record, tape }) => record === undefined || record !== tape, {
    path: ['record'],
    error: 'must be another file than the tape',
    when: () => true,
  })
  .refine(({ accounts }) => accounts === undefined || clashOf(accounts) === undefined, {
    path: ['accounts'],
    error: ({ input }) => clashOf((input as SimulatorSettings).accounts ?? []) ?? 'clash',
  })
  .refine((settings) => settings.account === undefined || isKnownAccount(settings), {
    path: ['account'],
    error: 'must be retail, dealer or pro, or the userId of one of the accounts',
  })

/** Any of the settings, and where state changes are told (default: nowhere). */
export type SimulatorOptions = z.input<typeof optionsSchema> & { readonly log?: StateLog }

/** Every login there is. */
export function accountsOf(settings: SimulatorSettings): readonly [Account, ...Account[]] {
  const { accounts, account } = settings
  if (accounts === undefined || isKind(account)) return [onlyAccount(settings)]
  const listed = accounts.map(accountFrom)
  const [first = onlyAccount(settings), ...others] =
    account === undefined ? listed : listed.filter(({ userId }) => userId === account)
  return [first, ...others]
}

function onlyAccount(settings: SimulatorSettings): Account {
  const { account, accountKind, clientCodes, isAlgoAccount, cashRupees, interactiveKey } = settings
  const { interactiveSecret, marketKey, marketSecret, clientCash, carriedPositions, holdings } = settings
  return accountFrom({
    kind: isKind(account) ? account : accountKind,
    clientCodes,
    isAlgoAccount,
    cashRupees,
    interactiveKey,
    interactiveSecret,
    marketKey,
    marketSecret,
    clientCash,
    carriedPositions,
    holdings,
  })
}

const isKind = (account: string | undefined): account is SimulatorSettings['accountKind'] =>
  account === 'retail' || account === 'dealer' || account === 'pro'

const isKnownAccount = ({ account, accounts }: Pick<SimulatorSettings, 'account' | 'accounts'>): boolean =>
  isKind(account) || (accounts ?? []).some((listed) => accountFrom(listed).userId === account)
