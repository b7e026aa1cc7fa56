const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'
const BASE = 85
const LARGEST_GROUP = 0xffff_ffff

/** The text form of CURVE keys: ZeroMQ RFC 32, five characters for four bytes. The bytes must come in fours. */
export function encodeZ85(bytes: Buffer): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 4) {
    let rest = bytes.readUInt32BE(at)
    let group = ''
    for (let digit = 0; digit < 5; digit += 1) {
      group = ALPHABET.charAt(rest % BASE) + group
      rest = Math.floor(rest / BASE)
    }
    text += group
  }
  return text
}

/** Undefined for what is no Z85: another length, another character, a group that is no four bytes. */
export function decodeZ85(text: string): Buffer | undefined {
  if (text.length % 5 !== 0) return undefined
  const bytes = Buffer.alloc((text.length / 5) * 4)
  for (let group = 0; group < text.length / 5; group += 1) {
    let value = 0
    for (const character of text.slice(group * 5, group * 5 + 5)) {
      const digit = ALPHABET.indexOf(character)
      if (digit === -1) return undefined
      value = value * BASE + digit
    }
    if (value > LARGEST_GROUP) return undefined
    bytes.writeUInt32BE(value, group * 4)
  }
  return bytes
}
