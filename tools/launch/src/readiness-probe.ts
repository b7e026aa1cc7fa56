/** Longest wait for one answer of /health/ready. */
const ANSWER_LIMIT_MS = 2_000

/** What a service says about itself: ready, or which conditions it still waits for. */
export interface ReadinessAnswer {
  readonly isReady: boolean
  readonly waitingFor: readonly string[]
}

/** Asks a service whether it is ready; one that does not answer is waiting for its own start. */
export async function probeReadiness(host: string, port: number, path: string): Promise<ReadinessAnswer> {
  try {
    const address = host === '0.0.0.0' ? '127.0.0.1' : host
    const response = await fetch(`http://${address}:${port}${path}`, {
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    })
    return { isReady: response.ok, waitingFor: response.ok ? [] : unmetConditions(await response.json()) }
  } catch (cause) {
    const isSlow = cause instanceof Error && cause.name === 'TimeoutError'
    return { isReady: false, waitingFor: [isSlow ? 'its answer' : 'its start'] }
  }
}

function unmetConditions(body: unknown): readonly string[] {
  const conditions = typeof body === 'object' && body !== null && 'conditions' in body ? body.conditions : {}
  if (typeof conditions !== 'object' || conditions === null) return []
  return Object.entries(conditions)
    .filter(([, isMet]) => isMet !== true)
    .map(([name]) => name)
}
