/** The problems of a request by field, in the order they were found. */
export type FieldProblems = ReadonlyMap<string, readonly string[]>

/**
 * `{'quantity': ['Not a valid number.'], 'price': […]}`: OpenAlgo's order endpoints put the printed form of a Python
 * dictionary into `message`, and its clients show that text.
 */
export function pythonDictText(problems: FieldProblems): string {
  const entries = [...problems].map(
    ([field, texts]) => `${pythonString(field)}: [${texts.map(pythonString).join(', ')}]`,
  )
  return `{${entries.join(', ')}}`
}

/** A string as Python prints it: in single quotes unless it holds one and no double quote. */
function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const inner = [...text].map((character) => escaped(character, quote)).join('')
  return `${quote}${inner}${quote}`
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

function escaped(character: string, quote: string): string {
  if (character === quote) return `\\${quote}`
  const short = SHORT_ESCAPES[character]
  if (short !== undefined) return short
  const code = character.codePointAt(0) ?? 0
  return code < 0x20 || (code >= 0x7f && code <= 0xa0)
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : character
}
