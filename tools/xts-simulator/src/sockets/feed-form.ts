/** How a socket hears market data; its query and the prefix it came to decide. */
export interface FeedForm {
  /** Key:value texts instead of whole JSON messages. */
  readonly isPartial: boolean
  readonly hearsJson: boolean
  /** `xts-binary-packet` frames, for the codes that have a binary layout. */
  readonly hearsBinary: boolean
}

/** What a socket that hears no market data has: orders are always whole JSON. */
export const PLAIN_FORM: FeedForm = { isPartial: false, hearsJson: true, hearsBinary: false }

const BINARY_DOOR = '/apibinarymarketdata'

export interface FormAsked {
  readonly path: string
  readonly publishFormat: unknown
  readonly broadcastMode: unknown
  /** What the binary prefix sends to a socket that asked for JSON. */
  readonly jsonOnBinaryDoor: 'json' | 'binary' | 'both'
}

/** The binary prefix sends binary unless JSON is asked for; the other sends JSON unless binary is asked for. Words count in any case. */
export function feedForm(asked: FormAsked): FeedForm {
  const isPartial = isWord(asked.broadcastMode, 'PARTIAL')
  if (!asked.path.startsWith(BINARY_DOOR)) {
    const isBinary = isWord(asked.publishFormat, 'BINARY')
    return { isPartial, hearsJson: !isBinary, hearsBinary: isBinary }
  }
  const sends = isWord(asked.publishFormat, 'JSON') ? asked.jsonOnBinaryDoor : 'binary'
  return { isPartial, hearsJson: sends !== 'binary', hearsBinary: sends !== 'json' }
}

/** A query may have a name twice; then it is a list and no word. */
const isWord = (value: unknown, word: string): boolean =>
  typeof value === 'string' && value.toUpperCase() === word
