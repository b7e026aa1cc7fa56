/** Message codes that can be asked for and subscribed. */
export const MESSAGE_CODES = [1501, 1502, 1504, 1505, 1507, 1510, 1512] as const
export type MessageCode = (typeof MESSAGE_CODES)[number]

export function isMessageCode(code: number): code is MessageCode {
  return (MESSAGE_CODES as readonly number[]).includes(code)
}

/** Messages that show a market as it stands; candles and statuses have figures of their own. */
export type FigureCode = Exclude<MessageCode, 1505 | 1507>

/** Messages with a documented binary layout. */
export const BINARY_CODES = [1501, 1502, 1510] as const
export type BinaryCode = (typeof BINARY_CODES)[number]

export function isBinaryCode(code: MessageCode): code is BinaryCode {
  return (BINARY_CODES as readonly number[]).includes(code)
}

/** Levels of the book a message shows. */
export function depthRowsOf(code: MessageCode): number {
  if (code === 1502) return 5
  return code === 1501 ? 1 : 0
}
