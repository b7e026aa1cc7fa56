/** The fixed codes of raw deflate (RFC 1951, 3.2.5 and 3.2.6), with their bits in the order in which they are written. */

/** Payloads are short; what stands farther back is not looked for. */
export const FARTHEST = 4096
const LONGEST = 258

/** By byte. */
export const LITERAL_CODE = new Int32Array(256)
export const LITERAL_BITS = new Uint8Array(256)
/** By length of a match, 3 to 258: the code and its extra bits. */
export const LENGTH_CODE = new Int32Array(LONGEST + 1)
export const LENGTH_BITS = new Uint8Array(LONGEST + 1)
/** By distance of a match, 1 to `FARTHEST`: the code and its extra bits. */
export const DISTANCE_CODE = new Int32Array(FARTHEST + 1)
export const DISTANCE_BITS = new Uint8Array(FARTHEST + 1)

const FIRST_LENGTH_SYMBOL = 257
const LONGEST_SYMBOL = 285
const DISTANCE_SYMBOL_BITS = 5

/** Codes stand in the stream with their highest bit first, extra bits with their lowest. */
function reversed(code: number, count: number): number {
  let turned = 0
  for (let bit = 0; bit < count; bit++) turned = (turned << 1) | ((code >> bit) & 1)
  return turned
}

interface Code {
  readonly code: number
  readonly bits: number
}

function symbolCode(symbol: number): Code {
  if (symbol < 144) return { code: reversed(0x30 + symbol, 8), bits: 8 }
  if (symbol < 256) return { code: reversed(0x190 + symbol - 144, 9), bits: 9 }
  if (symbol < 280) return { code: reversed(symbol - 256, 7), bits: 7 }
  return { code: reversed(0xc0 + symbol - 280, 8), bits: 8 }
}

function fillLiterals(): void {
  for (let byte = 0; byte < 256; byte++) {
    const { code, bits } = symbolCode(byte)
    LITERAL_CODE[byte] = code
    LITERAL_BITS[byte] = bits
  }
}

/** From symbol 257 on: eight lengths without extra bits, then four symbols for each number of them; 258 has its own. */
function fillLengths(): void {
  let length = 3
  for (let symbol = FIRST_LENGTH_SYMBOL; symbol < LONGEST_SYMBOL; symbol++) {
    const extraBits = Math.max(0, ((symbol - FIRST_LENGTH_SYMBOL) >> 2) - 1)
    const { code, bits } = symbolCode(symbol)
    for (let extra = 0; extra < 1 << extraBits; extra++, length++) {
      LENGTH_CODE[length] = code | (extra << bits)
      LENGTH_BITS[length] = bits + extraBits
    }
  }
  const { code, bits } = symbolCode(LONGEST_SYMBOL)
  LENGTH_CODE[LONGEST] = code
  LENGTH_BITS[LONGEST] = bits
}

/** Four distances without extra bits, then two symbols for each number of them. */
function fillDistances(): void {
  let distance = 1
  for (let symbol = 0; distance <= FARTHEST; symbol++) {
    const extraBits = Math.max(0, (symbol >> 1) - 1)
    const code = reversed(symbol, DISTANCE_SYMBOL_BITS)
    for (let extra = 0; extra < 1 << extraBits; extra++, distance++) {
      DISTANCE_CODE[distance] = code | (extra << DISTANCE_SYMBOL_BITS)
      DISTANCE_BITS[distance] = DISTANCE_SYMBOL_BITS + extraBits
    }
  }
}

fillLiterals()
fillLengths()
fillDistances()
