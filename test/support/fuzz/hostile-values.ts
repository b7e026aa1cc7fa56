import type { SeededChance } from './seeded-chance'

const NASTY_TEXTS: readonly [string, ...string[]] = [
  '', ' ', '0', '-1', 'NaN', 'Infinity', '1e400', '9999999999999999999999', '0x10', 'null', 'undefined', 'true', '[]', '{}',
  '__proto__', 'constructor', 'toString', "' OR 1=1 --", '<script>alert(1)</script>', '../../etc/passwd', '%00', '\u0000',
  '\ud800', '\ufeff', '\u202e', 'é', '🙂', '०१२३', 'a'.repeat(300), '\r\nX: y', '*****', 'PRO', 'Buy', 'limit', '2885', '1|2', '1,2',
] // prettier-ignore

const NASTY_NUMBERS: readonly [number, ...number[]] = [
  0, -0, 1, -1, 0.1, 0.05, 1e-12, 1e308, -1e308, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 31, 2 ** 32, 2 ** 53, 2885, 26000,
] // prettier-ignore

const DEEPEST = 40
const LONGEST_TEXT = 60_000

/** Any JSON value: nasty texts and numbers, lists, objects with names that JavaScript itself uses, now and then deep or long. */
export function hostileValue(chance: SeededChance, depth = 0): unknown {
  const kind = chance.below(depth > 4 ? 6 : 10)
  switch (kind) {
    case 0:
      return null
    case 1:
      return chance.isTrue(0.5)
    case 2:
    case 3:
      return chance.pick(NASTY_NUMBERS)
    case 4:
      return chance.isTrue(0.02) ? 'x'.repeat(chance.below(LONGEST_TEXT)) : chance.pick(NASTY_TEXTS)
    case 5:
      return hostileText(chance)
    case 6:
      return Array.from({ length: chance.below(5) }, () => hostileValue(chance, depth + 1))
    case 7:
      return deepValue(chance.below(DEEPEST))
    default:
      return hostileObject(chance, depth)
  }
}

/** A text that no field expects. */
export function hostileText(chance: SeededChance): string {
  if (chance.isTrue(0.4)) return chance.pick(NASTY_TEXTS)
  const length = chance.below(20)
  return Array.from({ length }, () => String.fromCharCode(chance.below(0xffff))).join('')
}

function hostileObject(chance: SeededChance, depth: number): object {
  // Made by its text: an object literal would set its prototype instead of a field of that name.
  const entries = Array.from({ length: chance.below(5) }, () => {
    const name = JSON.stringify(chance.pick(NASTY_TEXTS))
    return `${name}:${JSON.stringify(hostileValue(chance, depth + 1)) ?? 'null'}`
  })
  return JSON.parse(`{${entries.join(',')}}`) as object
}

function deepValue(depth: number): unknown {
  let value: unknown = 0
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

/** A sound object with one or more of its fields gone, replaced, doubled or added. */
export function spoiled(
  sound: Readonly<Record<string, unknown>>,
  chance: SeededChance,
): Record<string, unknown> {
  const spoilt: Record<string, unknown> = { ...sound }
  const names = Object.keys(sound)
  for (let turn = 0; turn <= chance.below(3); turn += 1) {
    const name = names[chance.below(Math.max(1, names.length))] ?? 'field'
    if (chance.isTrue(0.25)) delete spoilt[name]
    else if (chance.isTrue(0.2)) spoilt[hostileText(chance)] = hostileValue(chance)
    else spoilt[name] = hostileValue(chance)
  }
  return spoilt
}

/** The text with halves of characters replaced, as a URL can carry it. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString()
}
