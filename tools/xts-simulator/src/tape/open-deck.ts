import type { Exchange } from '../matching/exchange'
import type { StateLog } from '../state-log'
import type { SessionRegistry } from '../state/session-registry'
import type { SimClock } from '../time/sim-clock'
import { INSTRUMENT_TYPE, type ListedInstrument } from '../universe/listed-instrument'
import { segmentNamed, type SegmentName } from '../universe/segments'
import type { Universe } from '../universe/universe'
import { readTape, type Tape } from './read-tape'
import { TapeDeck } from './tape-deck'
import type { TapeSpeed, TapeStart } from './tape-player'
import { TapeRecorder } from './tape-recorder'

export interface DeckSettings {
  readonly tape?: string | undefined
  readonly tapeSpeed: TapeSpeed
  readonly tapeStart: TapeStart
  readonly record?: string | undefined
}

export interface DeckParts {
  readonly clock: SimClock
  readonly log: StateLog
  readonly universe: Universe
  readonly sessions: () => SessionRegistry
  readonly exchange: () => Exchange
}

/** Puts in the tape that was asked for. Nothing is played or recorded yet. Throws TapeUnusable. */
export function openDeck(settings: DeckSettings, parts: DeckParts): TapeDeck {
  const { clock, sessions, universe, exchange } = parts
  const tape = settings.tape === undefined ? undefined : readTape(settings.tape)
  if (tape) makeKnown(tape, parts)
  return new TapeDeck({
    clock,
    sessions,
    tape,
    speed: settings.tapeSpeed,
    start: settings.tapeStart,
    recorder: settings.record === undefined ? undefined : new TapeRecorder(settings.record),
    onPrice: (key, price) => {
      const instrument = instrumentOf(universe, key)
      if (instrument) exchange().market(instrument).jumpTo(price)
    },
  })
}

/** What a tape speaks of can be subscribed, whether or not a master lists it. */
function makeKnown(tape: Tape, { universe, log }: DeckParts): void {
  const besides: string[] = []
  for (const key of tape.instruments) {
    const [segment, token] = placeOf(key)
    if (!segment || universe.find(segment, token)) continue
    universe.addBesides(nameless(segment, token))
    besides.push(key)
  }
  const { file, format, messages, instruments } = tape
  log('tape put in', { file, format, messages: messages.length, instruments: instruments.size })
  if (besides.length > 0)
    log('the tape has instruments that no master lists; they can be subscribed', { besides })
}

function placeOf(key: string): [SegmentName | undefined, number] {
  const [segment, token] = key.split(':').map(Number)
  return [segmentNamed(segment ?? 0), token ?? 0]
}

function instrumentOf(universe: Universe, key: string): ListedInstrument | undefined {
  const [segment, token] = placeOf(key)
  return segment && universe.find(segment, token)
}

/** All that a tape says of an instrument is its number. */
function nameless(segment: SegmentName, token: number): ListedInstrument {
  const name = `TAPE${token}`
  return {
    segment,
    token,
    instrumentType: INSTRUMENT_TYPE.equity,
    name,
    description: name,
    series: 'TAPE',
    bandHigh: 0,
    bandLow: 0,
    freezeQuantity: 0,
    tickSize: 0.05,
    lotSize: 1,
    multiplier: 1,
    displayName: name,
    isIndex: false,
  }
}
