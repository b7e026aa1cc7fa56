/** The broker's answer to `instruments/master` (documented). */
export function masterAnswer(result: unknown): Buffer {
  return Buffer.from(
    JSON.stringify({ type: 'success', code: 's-instrument-0010', description: 'instrument data', result }),
  )
}
