/** Texts of up to this length are compared without asking for memory. */
const LONGEST_READY = 256
const ready = { beforeLast: rowOf(LONGEST_READY), last: rowOf(LONGEST_READY), next: rowOf(LONGEST_READY) }

interface Rows {
  beforeLast: Uint16Array
  last: Uint16Array
  next: Uint16Array
}

/**
 * How many letters must be changed, added, left out or swapped with their neighbour to make one text of the other; `most`
 * + 1 as soon as it is certain that it is more than `most`.
 */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  const rows: Rows = b.length < LONGEST_READY ? ready : newRows(b.length)
  for (let j = 0; j <= b.length; j += 1) rows.last[j] = j
  for (let i = 1; i <= a.length; i += 1) {
    if (fillRow({ a, b, i }, rows) > most) return most + 1
    const { beforeLast } = rows
    rows.beforeLast = rows.last
    rows.last = rows.next
    rows.next = beforeLast
  }
  return Math.min(rows.last[b.length] ?? 0, most + 1)
}

/** Fills the next row and gives its smallest value. */
function fillRow(
  { a, b, i }: { a: string; b: string; i: number },
  { beforeLast, last, next }: Readonly<Rows>,
): number {
  const letter = a.charCodeAt(i - 1)
  const letterBefore = i > 1 ? a.charCodeAt(i - 2) : -1
  let smallest = i
  next[0] = i
  for (let j = 1; j <= b.length; j += 1) {
    const other = b.charCodeAt(j - 1)
    const change = letter === other ? 0 : 1
    let value = Math.min((last[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + change)
    const isSwap = j > 1 && letter === b.charCodeAt(j - 2) && letterBefore === other
    if (isSwap) value = Math.min(value, (beforeLast[j - 2] ?? 0) + 1)
    next[j] = value
    if (value < smallest) smallest = value
  }
  return smallest
}

function newRows(length: number): Rows {
  return { beforeLast: rowOf(length + 1), last: rowOf(length + 1), next: rowOf(length + 1) }
}

function rowOf(length: number): Uint16Array {
  return new Uint16Array(length + 1)
}
