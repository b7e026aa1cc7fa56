import type { Segment } from '@xts-bridge/contracts'
import type { BrokerProfile } from './model'

/** What somebody wants streamed. `depthLevel` is the number of levels a side. */
export interface WantedStream {
  readonly segment: Segment
  readonly depthLevel?: number | undefined
  readonly messageCode?: number | undefined
}

/** Undefined when this installation can stream it; else a sentence that says what it can. */
export function whyNotStreamed(
  profile: Pick<BrokerProfile, 'name' | 'segments' | 'feed'>,
  wanted: WantedStream,
): string | undefined {
  const { name, segments, feed } = profile
  if (!segments.includes(wanted.segment))
    return `${name} does not stream ${wanted.segment}; it streams ${segments.join(', ')}`
  if (wanted.depthLevel !== undefined && !feed.depthLevels.includes(wanted.depthLevel))
    return `${name} has no depth of ${wanted.depthLevel} levels; it has ${feed.depthLevels.join(', ')}`
  if (wanted.messageCode !== undefined && !feed.messageCodes.includes(wanted.messageCode))
    return `${name} has no message ${wanted.messageCode}; it has ${feed.messageCodes.join(', ')}`
  return undefined
}
