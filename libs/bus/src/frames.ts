/** A request as it left the ROUTER: where the reply goes, and what the client sent. */
export interface FramedRequest {
  /** Frames that precede every reply, identity first. */
  readonly route: readonly Buffer[]
  /** The frames after the route: `subject, body` when the request is well formed. */
  readonly content: readonly Buffer[]
}

/**
 * Splits a message into route and content. The three framings: plain REQ sends `identity, "", subject, body`; REQ with
 * correlation `identity, request id, "", subject, body`; DEALER `identity, subject, body`. So the route ends with the
 * first empty frame, and is the identity alone where there is none. The last frame never ends a route: a REQ always has
 * content after its delimiter, so an empty last frame is an empty body of a DEALER.
 */
export function splitRequestFrames(frames: readonly Buffer[]): FramedRequest {
  const delimiter = frames.findIndex(
    (frame, position) => frame.length === 0 && position > 0 && position < frames.length - 1,
  )
  const routeLength = delimiter === -1 ? 1 : delimiter + 1
  return { route: frames.slice(0, routeLength), content: frames.slice(routeLength) }
}

/** What is wrong with the content's frames; undefined when it is `subject, body` within the limit. */
export function frameProblem(content: readonly Buffer[], maxBodyBytes: number): string | undefined {
  const [, body] = content
  if (content.length !== 2 || body === undefined) {
    return `a request has two frames, subject and body, and this one has ${content.length}`
  }
  if (body.length > maxBodyBytes)
    return `the body has ${body.length} bytes, and at most ${maxBodyBytes} are read`
  return undefined
}

/** The frames of a reply. */
export function replyFrames(route: readonly Buffer[], body: string): (Buffer | string)[] {
  return [...route, body]
}
