/** Oldest Node the packages run on; package.json "engines" says the same. */
const OLDEST = [20, 19, 0]

/** Ends the process with a sentence on a Node that is too old. */
export function stopUnlessNodeIsNewEnough() {
  if (isNewEnough(process.versions.node)) return
  process.stderr.write(
    `Node ${OLDEST.join('.')} or newer is needed; this is Node ${process.versions.node}. Node 24 is recommended.\n`,
  )
  process.exit(1)
}

function isNewEnough(version) {
  const parts = version.split('.').map(Number)
  for (const [index, oldest] of OLDEST.entries()) {
    if (parts[index] !== oldest) return parts[index] > oldest
  }
  return true
}
