import {
  exchangeSchema,
  tickTopic,
  type Instrument,
  type InstrumentKey,
  type TickMode,
} from '@xts-bridge/contracts'
import type { NamedSymbol } from './client-request'
import type { SubscriptionRow } from './server-frames'

/** The instrument list as a subscribe request sees it. */
export interface SymbolLookup {
  /** False before the first list, when no symbol can be told from a wrong one. */
  hasList(): boolean
  find(key: InstrumentKey): Instrument | undefined
}

export interface ResolveOptions {
  readonly lookup: SymbolLookup
  /** Whether a topic fits beside `added` new ones. */
  readonly hasRoomFor: (added: number, topic: string) => boolean
  readonly maxTopics: number
}

/** A row for each symbol of a subscribe request, and the topics of those that exist and fit. */
export function resolveSymbols(
  symbols: readonly NamedSymbol[],
  mode: TickMode,
  options: ResolveOptions,
): { readonly rows: readonly SubscriptionRow[]; readonly topics: readonly string[] } {
  const topics = new Set<string>()
  const rows = symbols.map((named): SubscriptionRow => {
    const topic = topicOf(named, mode, options.lookup)
    if (topic === undefined) return { ...named, status: 'error', message: whyUnknown(named, options.lookup) }
    if (!topics.has(topic) && !options.hasRoomFor(topics.size, topic))
      return {
        ...named,
        status: 'error',
        message: `Maximum capacity reached: ${options.maxTopics} subscriptions`,
      }
    topics.add(topic)
    return { ...named, status: 'success', mode }
  })
  return { rows, topics: [...topics] }
}

function topicOf(
  { symbol, exchange }: NamedSymbol,
  mode: TickMode,
  lookup: SymbolLookup,
): string | undefined {
  const known = exchangeSchema.safeParse(exchange)
  if (!known.success || lookup.find({ exchange: known.data, symbol }) === undefined) return undefined
  return tickTopic({ exchange: known.data, symbol, mode })
}

/** An exchange nobody has looks the same as an unknown symbol. */
function whyUnknown({ symbol, exchange }: NamedSymbol, lookup: SymbolLookup): string {
  if (!lookup.hasList()) return 'No instrument list has been loaded yet; subscribe again later'
  return `Symbol ${symbol} not found for exchange ${exchange}`
}
